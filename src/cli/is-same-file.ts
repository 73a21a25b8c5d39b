import { existsSync, realpathSync } from "node:fs";

/** Whether what is read, which may be standard input, is the file that is to be written. */
export function isSameFile(source: string, output: string): boolean {
  if (source === "-" || !existsSync(source) || !existsSync(output)) return false;
  return realpathSync(source) === realpathSync(output);
}
