import { existsSync, realpathSync } from "node:fs";
import { OpenbatchError } from "../../errors/index.js";

/** The error for a command line that cannot be meant so. */
export function wrongUsage(message: string, hint: string): OpenbatchError {
  return new OpenbatchError("wrong_usage", message, { hint });
}

/** An option with its value; `undefined` where it was not given. */
type GivenOption = readonly [flag: string, value: unknown];

/** Refuses an option that is worth something only beside another. */
export function assertCompanion([flag, value]: GivenOption, [needed, other]: GivenOption): void {
  if (value === undefined || other !== undefined) return;
  throw wrongUsage(`${flag} needs ${needed}.`, `Add ${needed}, or leave it out.`);
}

/** Refuses to write over what is read; either may be standard input or output. */
export function assertNotRead(output: string, sources: readonly string[]): void {
  if (!sources.some((source) => isSameFile(source, output))) return;
  throw wrongUsage(`${output} is read, and was to be written over.`, "Write to another path.");
}

function isSameFile(source: string, output: string): boolean {
  if (source === "-" || !existsSync(source) || !existsSync(output)) return false;
  return realpathSync(source) === realpathSync(output);
}
