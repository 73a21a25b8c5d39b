import { stat } from "node:fs/promises";
import { toFileError } from "../errors/index.js";
import { isNotFound } from "./is-not-found.js";

/** How many bytes a file has; `undefined` where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (isNotFound(cause)) return undefined;
    throw toFileError(cause, "read", path);
  }
}
