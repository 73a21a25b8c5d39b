import { LineSet } from "../batch-file/index.js";
import { OpenbatchError } from "../errors/index.js";
import { executeMore, RunStoppedError, scanResults } from "../execute/index.js";
import type { JobContext } from "./life/job-context.js";
import type { Connection, JobPlace } from "./place-job.js";

/** Sends requests one by one that have no result, all or a sample: the same ones whenever it is asked. */
export async function runHere(
  { file, paths, signal, target }: JobPlace,
  { apiKey, headers }: Connection,
  { sample }: { readonly sample?: number } = {},
): Promise<void> {
  try {
    await executeMore(file, {
      ...{ baseURL: target, output: paths.output },
      ...(sample === undefined ? {} : { sample }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(headers === undefined ? {} : { headers }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // What it says of going on is not what is to be done for a job.
    throw error instanceof RunStoppedError
      ? new OpenbatchError(error.code, error.message, { cause: error })
      : error;
  }
}

/** The lines of the requests that have no result. */
export async function findOpenLines(output: string, { work, signal }: JobContext): Promise<LineSet> {
  const { batchFile } = work;
  const { done } = await scanResults({ output }, batchFile, { signal });
  const open = new LineSet(batchFile.lines);
  for (let line = 1; line <= batchFile.lines; line += 1)
    if (!batchFile.isBlank(line) && !done.has(line)) open.add(line);
  return open;
}
