import { OpenbatchError } from "./openbatch-error.js";

/** An error of ours whose stack begins where a public method was called, not inside of it; any other as it is. */
export function atCallOf(method: (...given: never[]) => unknown, error: unknown): unknown {
  if (error instanceof OpenbatchError) Error.captureStackTrace(error, method);
  return error;
}

/**
 * The same for what a public method promises, where nothing tells any more who called it once the work has begun: so this is to
 * be called before it begins, and in the method itself.
 */
export async function promiseAtCallOf<Value>(
  method: (...given: never[]) => unknown,
  work: () => Promise<Value>,
): Promise<Value> {
  const call: { readonly stack?: string } = {};
  Error.captureStackTrace(call, method);
  try {
    return await work();
  } catch (error) {
    const frames = call.stack?.indexOf("\n    at ") ?? -1;
    if (error instanceof OpenbatchError && frames >= 0) {
      error.stack = `${error.name}: ${error.message}${call.stack?.slice(frames)}`;
    }
    throw error;
  }
}
