import { OpenbatchError } from "../errors/index.js";

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
