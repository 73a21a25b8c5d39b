import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type ProfileName, readFileKind } from "../../index.js";
import { listJobs } from "../../job.js";
import type { ViewedFiles } from "../../view.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { findInputs } from "../results/results-inputs.js";
import type { ViewFlags } from "./view-flags.js";

interface Group {
  readonly requests: string | undefined;
  readonly results: string[];
}

/** What the named files are: each batch file with the results files behind it, or with those beside it. */
export async function findViewed(
  files: readonly string[],
  { results, from }: Pick<ViewFlags, "results" | "from">,
): Promise<readonly ViewedFiles[]> {
  const groups: Group[] = [];
  for (const file of files) await addFile(file, groups);
  const [first] = groups;
  if (results !== undefined) {
    if (groups.length !== 1 || first === undefined)
      throw wrongUsage(
        "--results goes with one batch file.",
        "Write results files behind their batch files.",
      );
    first.results.push(...results);
  }
  const viewed: ViewedFiles[] = [];
  for (const group of groups) viewed.push(await toViewed(group, from));
  return viewed;
}

async function addFile(file: string, groups: Group[]): Promise<void> {
  if (isFolder(file)) {
    groups.push(await findJob(file));
    return;
  }
  const isResult = (await readFileKind(file)) === "result";
  const last = groups.at(-1);
  if (isResult && last !== undefined) last.results.push(file);
  else groups.push(isResult ? { requests: undefined, results: [file] } : { requests: file, results: [] });
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function findJob(folder: string): Promise<Group> {
  const jobs = await listJobs(dirname(resolve(folder)));
  const found = jobs.find(({ job }) => resolve(job) === resolve(folder));
  if (found === undefined)
    throw wrongUsage(`${folder} is a folder, and none of a job.`, "Name a batch file, or the .job folder.");
  return { requests: found.file, results: isThere(found.output) ? [found.output] : [] };
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

async function toViewed({ requests, results }: Group, from: string | undefined): Promise<ViewedFiles> {
  // What is no name of a service is refused with the nearest.
  const service = from === undefined ? {} : { from: from as ProfileName };
  if (requests === undefined) return { results, ...service };
  const found = results.length > 0 ? results : (await findInputs(requests, { mayHaveNone: true })).results;
  return { requests, results: found, ...service };
}
