import { OpenbatchError } from "./openbatch-error.js";

/** An error of ours whose stack begins where a public method was called, not inside of it; any other as it is. */
export function atCallOf(method: (...given: never[]) => unknown, error: unknown): unknown {
  if (error instanceof OpenbatchError) Error.captureStackTrace(error, method);
  return error;
}
