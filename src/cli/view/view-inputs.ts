import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type ProfileName, readFileKind } from "../../index.js";
import { listJobs } from "../../job.js";
import type { ViewedFiles } from "../../view.js";
import { assertNoTable } from "../frame/assert-no-table.js";
import { toReadOptions } from "../frame/table-flags.js";
import { assertCompanion, wrongUsage } from "../frame/wrong-usage.js";
import { loadJoinTemplate } from "../results/load-join-template.js";
import { findAskedFile, findInputs } from "../results/results-inputs.js";
import type { ViewFlags } from "./view-flags.js";

interface Group {
  readonly requests: string | undefined;
  readonly results: string[];
}

/** What the named files are: each batch file with the results files behind it, or with those beside it. */
export async function findViewed(
  files: readonly string[],
  flags: ViewFlags,
): Promise<readonly ViewedFiles[]> {
  assertCompanion(["--on", flags.on], ["--join", flags.join]);
  assertCompanion(["--template", flags.template], ["--join", flags.join]);
  const groups: Group[] = [];
  for (const file of files) await addFile(file, groups);
  const viewed: ViewedFiles[] = [];
  for (const group of groups) viewed.push(await toViewed(group, flags));
  const [first, ...others] = viewed;
  const named = ["results", "compare", "join"].find((name) => name in flags);
  if (named !== undefined && others.length > 0) {
    throw wrongUsage(
      `--${named} goes with one batch file.`,
      `Name one, or write results files behind their batch files.`,
    );
  }
  return first === undefined ? [] : [{ ...first, ...(await toMore(flags)) }, ...others];
}

async function toMore(flags: ViewFlags): Promise<Pick<ViewedFiles, "compare" | "join">> {
  const { compare, join: table, on } = flags;
  const template = await loadJoinTemplate(flags);
  const given = {
    read: toReadOptions(flags),
    ...(on === undefined ? {} : { on }),
    ...(template && { template }),
  };
  return {
    ...(compare === undefined ? {} : { compare }),
    ...(table === undefined ? {} : { join: { table, ...given } }),
  };
}

async function addFile(file: string, groups: Group[]): Promise<void> {
  if (isFolder(file)) {
    groups.push(await findJob(file));
    return;
  }
  assertNoTable(file);
  const isResult = (await readFileKind(file)) === "result";
  const last = groups.at(-1);
  if (isResult && last !== undefined) last.results.push(file);
  else groups.push(isResult ? { requests: undefined, results: [file] } : { requests: file, results: [] });
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function findJob(folder: string): Promise<Group> {
  const asked = findAskedFile(folder);
  if (asked !== undefined) return { requests: asked, results: [] };
  const jobs = await listJobs(dirname(resolve(folder)));
  const found = jobs.find(({ job }) => resolve(job) === resolve(folder));
  if (found === undefined)
    throw wrongUsage(
      `${folder} is a folder, and none of a job.`,
      "Name a batch file, or the folder of a job (.job) or of a question (.openbatch).",
    );
  return { requests: found.file, results: isThere(found.output) ? [found.output] : [] };
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

async function toViewed({ requests, results: own }: Group, flags: ViewFlags): Promise<ViewedFiles> {
  const results = [...own, ...(flags.results ?? [])];
  // What is no name of a service is refused with the nearest.
  const service = flags.from === undefined ? {} : { from: flags.from as ProfileName };
  if (requests === undefined) return { results, ...service };
  const found = results.length > 0 ? results : (await findInputs(requests, { mayHaveNone: true })).results;
  return { requests, results: found, ...service };
}
