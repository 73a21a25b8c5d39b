import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { isObject } from "../api/index.js";
import { LineSet } from "../batch-file/index.js";
import { replaceFile, toJobFolder, toRunFiles, toRunPaths } from "../files/index.js";
import { tryParseJson, tryToJson } from "../jsonl/index.js";
import { readResults } from "../results/index.js";
import type { JobContext } from "./life/job-context.js";
import { JobResults } from "./life/job-results.js";
import type { JobPlace } from "./place-job.js";
import { JobFolder } from "./record/job-folder.js";
import { EarlierRepairs, type RepairFiles } from "./repair/earlier-repairs.js";
import { repairBody } from "./repair/repair-body.js";
import type { RepairKind } from "./report/repair-kind.js";

export interface RepairOptions {
  readonly kinds: readonly RepairKind[];
  /** How often an answer is repaired at the most. */
  readonly rounds: number;
  /** Takes the requests that are asked again through the service, as a job of their own. */
  readonly submit: (place: JobPlace) => Promise<unknown>;
}

/**
 * Asks again, and better, for answers that cannot be used. These requests are a batch file of their own in the folder of the job, which is
 * gone on with after a kill as any other; what is answered then stands in the results beside the answer before.
 */
export async function repairAnswers(
  place: JobPlace,
  context: JobContext,
  { kinds, rounds, submit }: RepairOptions,
): Promise<void> {
  const { state } = context;
  for (let number = (state.record.repairs ?? 0) + 1; number <= rounds; number += 1) {
    const file = place.folder.repair(number);
    if (!existsSync(file) && !(await writeRequests(file, place, context, new Set(kinds)))) return;
    const own = toRepairPlace(place, file, state.record.names);
    await submit(own);
    await takeAnswers(place, context, own);
    await state.set({ repairs: number });
  }
}

function toRepairPlace(place: JobPlace, file: string, names: JobPlace["names"]): JobPlace {
  const { output } = toRepairFiles(file);
  const folder = new JobFolder(toJobFolder(output), place.folder.home);
  return { ...place, file, output, folder, names, paths: toRunPaths(output, file) };
}

function toRepairFiles(requests: string): RepairFiles {
  return { requests, output: toRunFiles(requests).results };
}

/** False where there is nothing to be asked again. */
async function writeRequests(
  path: string,
  { file, folder, paths, signal }: JobPlace,
  { work, state }: JobContext,
  kinds: ReadonlySet<RepairKind>,
): Promise<boolean> {
  const repairs = state.record.repairs ?? 0;
  await using earlier = await EarlierRepairs.open(
    Array.from({ length: repairs }, (_, index) => toRepairFiles(folder.repair(index + 1))),
  );
  const results = readResults({
    ...{ requests: file, results: paths.output, order: "found" },
    ...(signal === undefined ? {} : { signal }),
  });
  let count = 0;
  await replaceFile(
    path,
    async (written) => {
      for await (const result of results) {
        if (result.status === "missing") break;
        if (result.status !== "succeeded" || result.problem === undefined) continue;
        const request = tryParseJson(work.textOf(result.requestLine ?? 0));
        if (!isObject(request) || !isObject(request.body)) continue;
        const limit = await earlier.findLimit(result.custom_id);
        const answer = { ...result, limit, longest: earlier.longestOf(request.body.model) };
        const body = repairBody(request.body, answer, kinds);
        const line = body && tryToJson({ ...request, body });
        if (line === undefined) continue;
        await written.appendFile(`${line}\n`);
        count += 1;
      }
    },
    { mode: 0o600 },
  );
  if (count === 0) await rm(path);
  return count > 0;
}

/** All that was answered is taken: of several answers to one request readers take the one that can be used. */
async function takeAnswers(place: JobPlace, context: JobContext, own: JobPlace): Promise<void> {
  if (!existsSync(own.paths.output)) return;
  const { batchFile } = context.work;
  const lines = new LineSet(batchFile.lines);
  for await (const { custom_id } of readResults({ results: own.paths.output })) {
    const line = batchFile.find(custom_id);
    if (line !== undefined) lines.add(line);
  }
  const { output, lock: resultsLock } = place.paths;
  await new JobResults(context, { output, resultsLock }).addAnswers(lines, own.paths.output);
}
