import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toFileError } from "../errors/index.js";
import { toPath } from "../files/index.js";
import { JobFolder } from "./record/job-folder.js";

/** A job that is in a folder. */
export interface ListedJob {
  /** The folder of its record. */
  readonly job: string;
  /** Its batch file, and the results file: `openJob(file, { output })` opens it. */
  readonly file: string;
  readonly output: string;
}

/**
 * Finds the jobs whose results go to a folder, by their records: `*.job/job.json`. What holds something else is left out.
 *
 * @param folder by default the one that the process is in.
 * @throws OpenbatchError `file_not_found`, `not_a_folder`, `no_permission`.
 *
 * @example
 * ```ts
 * import { listJobs, openJob } from "openbatch/job";
 *
 * for (const { file, output } of await listJobs()) {
 *   const job = await openJob(file, { output });
 *   console.log(`${await job.status({ asks: false })}`);
 * }
 * ```
 */
export async function listJobs(folder: string | URL = "."): Promise<readonly ListedJob[]> {
  const path = toPath(folder);
  const names = (await readNames(path)).filter((name) => name.endsWith(".job"));
  return names.sort().flatMap((name) => readListed(join(path, name)));
}

async function readNames(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    throw toFileError(cause, "read", path);
  }
}

function readListed(job: string): ListedJob[] {
  try {
    const record = new JobFolder(job).read();
    if (record === undefined) return [];
    // A record names files beside it; where it comes from, nobody knows.
    return [
      { job, file: join(dirname(job), record.file), output: join(dirname(job), basename(record.output)) },
    ];
  } catch {
    return [];
  }
}
