import { OpenbatchError } from "../errors/index.js";
import { executeBatchFile, RunStoppedError } from "../execute/index.js";
import type { Connection, JobPlace } from "./place-job.js";

/** Sends requests one by one that have no result, all or a sample: the same ones whenever it is asked. */
export async function runHere(
  { file, paths, signal, target }: JobPlace,
  { apiKey, headers }: Connection,
  { sample }: { readonly sample?: number } = {},
): Promise<void> {
  try {
    await executeBatchFile(file, {
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
