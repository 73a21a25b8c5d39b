import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { isSystemError, OpenbatchError, toFileError } from "../errors/index.js";

export interface MakeFolderOptions {
  /** The permissions of the folders that are made. By default those that the system gives a new one. */
  readonly mode?: number;
  /** What to do where a file stands in its place. */
  readonly hint?: string;
}

/**
 * Makes a folder, and those above it that are absent; one that is there stays as it is.
 *
 * @throws OpenbatchError `not_a_folder` where a file stands in its place, or what the system says.
 */
export function makeFolder(path: string, { mode = 0o777, hint }: MakeFolderOptions = {}): void {
  const cause = makeWithParents(path, mode);
  if (cause === undefined) return;
  if (!isSystemError(cause) || cause.code !== "EEXIST") throw toFileError(cause, "make the folder", path);
  const advice = hint === undefined ? {} : { hint };
  throw new OpenbatchError("not_a_folder", `${path} is a file, not a folder.`, { ...advice, cause });
}

/**
 * Gives why it is not there. In Node 20 `mkdir` with `recursive` never ends in a folder like /proc, and calls a read-only disk an
 * absent folder.
 */
function makeWithParents(path: string, mode: number): unknown {
  const cause = tryToMake(path, mode);
  const parent = dirname(path);
  if (!isSystemError(cause) || cause.code !== "ENOENT" || parent === path) return cause;
  return makeWithParents(parent, mode) ?? tryToMake(path, mode);
}

function tryToMake(path: string, mode: number): unknown {
  try {
    mkdirSync(path, mode);
    return undefined;
  } catch (cause) {
    return isFolder(path) ? undefined : cause;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
