import { assertBatchFile } from "../batch-file/index.js";
import { toPath } from "../files/index.js";
import { Job } from "./job.js";
import { assertJobOptions, type JobServerOptions } from "./job-options.js";

/**
 * Opens the job of a batch file, also in another process than the one that submits it: `status` looks at it, `cancel` ends it.
 *
 * @example
 * ```ts
 * import { openJob } from "openbatch/job";
 *
 * const job = await openJob("requests.jsonl", { baseURL: "http://127.0.0.1:4040/v1" });
 * console.log(`${await job.status()}`);
 * await job.close();
 * ```
 */
export function openJob(path: string | URL, options: JobServerOptions = {}): Promise<Job> {
  assertJobOptions(options);
  const file = toPath(path);
  assertBatchFile(file);
  return Job.open(file, options);
}
