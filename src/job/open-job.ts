import { assertBatchFile } from "../batch-file/index.js";
import { toPath } from "../files/index.js";
import { Job } from "./job.js";
import { assertJobOptions, type JobServerOptions } from "./report/job-options.js";

/**
 * Opens the job of a batch file, also in another process than the one that submits it: `status` looks, `refresh` collects, `wait` goes on
 * to the end, `cancel` ends it.
 *
 * The service is where `baseURL`, `provider`, `client` or `OPENAI_BASE_URL` say. Where nothing does, the record tells which service it
 * is; a key then goes to a service that openbatch knows by its address alone, and to no other.
 *
 * @throws OpenbatchError `file_not_found` where there is no job, `not_a_job_record`, `invalid_option`.
 *
 * @example
 * ```ts
 * import { openJob } from "openbatch/job";
 *
 * const job = await openJob("requests.jsonl");
 * console.log(`${await job.status()}`);
 * await job.close();
 * ```
 */
export async function openJob(path: string | URL, options: JobServerOptions = {}): Promise<Job> {
  assertJobOptions(options);
  const file = toPath(path);
  assertBatchFile(file);
  return Job.open(file, options);
}
