import { existsSync } from "node:fs";
import { readPartLines } from "./parts/part-lines.js";
import type { JobPart } from "./report/job-event.js";
import { type JobFiles, readJobOf } from "./report/read-job-parts.js";
import { toJobPart } from "./report/to-job-part.js";

/**
 * Tells in which parts of a job the request of a line went to the service: one for each round, in their order, as the record has them.
 * None where the results file is of no job, or of that of another batch file.
 *
 * @param line counted from 1, as `requestLine` of a result is.
 * @throws OpenbatchError `not_a_job_record`, and whatever keeps a file of the job from being read.
 *
 * @example
 * ```ts
 * import { findRequestParts } from "openbatch/job";
 *
 * const files = { file: "requests.jsonl", output: "requests.results.jsonl" };
 * for (const { batch, submitted_at, ended_at } of await findRequestParts(files, 12))
 *   console.log(batch, submitted_at, ended_at);
 * ```
 */
export async function findRequestParts(files: JobFiles, line: number): Promise<readonly JobPart[]> {
  const job = readJobOf(files);
  if (job === undefined) return [];
  return job.record.parts
    .filter(({ number }) => holdsLine(job.folder.partLines(number), line))
    .map((part) => toJobPart(part));
}

/** A part that is no longer needed may have no list of its lines. */
function holdsLine(path: string, line: number): boolean {
  return existsSync(path) && readPartLines(path).lines.includes(line);
}
