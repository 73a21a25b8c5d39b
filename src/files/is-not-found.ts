import { isSystemError } from "../errors/index.js";

/** Whether an error of the system says that there is no such file. */
export function isNotFound(error: unknown): boolean {
  return isSystemError(error) && error.code === "ENOENT";
}
