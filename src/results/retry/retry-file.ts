import type { Result } from "../answer/result.js";
import type { Results } from "../reader/results.js";

export interface WriteRetryFileOptions {
  /** Whether to replace a file that is there already, or to remove it where nothing is to be written. By default it is an error. */
  readonly overwrite?: boolean | undefined;
  /** Whether answers with a problem are asked for again as well. False by default: they were paid for, and may come out the same. */
  readonly includeProblems?: boolean | undefined;
  /** Told how many results were looked at, after each. */
  readonly onProgress?: ((results: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is to be sent again. */
export interface RetryFile {
  /** How many requests were written. With none there is no file. */
  readonly written: number;
  /** Of them, how many there are of each status; `succeeded` are answers with a problem. */
  readonly statuses: Readonly<Record<Result["status"], number>>;
  /** Failures that sending again does not mend, and that were left out. */
  readonly hopeless: number;
}

/** The part of opened results that a retry file is made of. */
export type RetriedResults = AsyncIterable<Result> & Pick<Results, "readRequest">;
