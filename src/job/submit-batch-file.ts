import { assertBatchFile } from "../batch-file/index.js";
import { OpenbatchError } from "../errors/index.js";
import { toPath } from "../files/index.js";
import type { Profile } from "../providers/index.js";
import { assertSendable } from "./assert-sendable.js";
import { Job } from "./job.js";
import { findNames, resolveForFile } from "./place-job.js";
import { assertJobOptions, type SubmitBatchFileOptions } from "./report/job-options.js";
import type { JobSummary } from "./report/job-summary.js";

/**
 * Takes a batch file of any size through the Batch API of a service: checks it, cuts it into parts, uploads and submits them within
 * every limit, watches, collects, and sends again what failed for a reason that passes. The same call again goes on where it stopped.
 *
 * Results go to `requests.results.jsonl`, those of a run too: what has one is not sent. The record is the folder `requests.job`.
 *
 * @throws JobStoppedError where it ends before each request has its result: `interrupted`, `batch_rejected`, `service_refused` …
 * @throws OpenbatchError `invalid_batch_file`, `run_differs`, `batch_file_changed`, `run_in_progress`, `invalid_option`, and before anything
 * is sent.
 *
 * @example
 * ```ts
 * import { submitBatchFile } from "openbatch/job";
 *
 * const summary = await submitBatchFile("requests.jsonl", { baseURL: "http://127.0.0.1:4040/v1" });
 * console.log(`${summary.succeeded} of ${summary.requests}`);
 * ```
 */
export async function submitBatchFile(
  path: string | URL,
  options: SubmitBatchFileOptions = {},
): Promise<JobSummary> {
  assertJobOptions(options);
  const file = toPath(path);
  assertBatchFile(file);
  const { profile } = await resolveForFile(file, options);
  if (options.finishBy !== undefined) assertSingleRequests(profile);
  await assertSendable(file, profile, { ...options, names: findNames(file, options) });
  const job = await Job.begin(file, options);
  try {
    return await job.submit(options);
  } finally {
    await job.close();
  }
}

function assertSingleRequests({ lines, title }: Profile): void {
  if (lines === "openai") return;
  throw new OpenbatchError(
    "invalid_option",
    `finishBy (--finish-by) needs a service that takes the requests of a batch file one by one, and ${title} takes others.`,
    { hint: "Leave it out; openbatch cancel FILE ends what takes too long." },
  );
}
