import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { isSystemError } from "../errors/index.js";

export interface MakeFolderOptions {
  /** The permissions of the folders that are made. By default those that the system gives a new one. */
  readonly mode?: number;
}

/**
 * Makes a folder, and those above it that are absent; one that is there stays as it is. Throws what the system says.
 *
 * In Node 20 `mkdir` with `recursive` never ends in a folder like /proc, and calls a read-only disk an absent folder.
 */
export function makeFolder(path: string, options: MakeFolderOptions = {}): void {
  const cause = tryToMake(path, options);
  if (cause === undefined) return;
  const parent = dirname(path);
  if (!isSystemError(cause) || cause.code !== "ENOENT" || parent === path) throw cause;
  makeFolder(parent, options);
  const left = tryToMake(path, options);
  if (left !== undefined) throw left;
}

/** Gives why it is not there. */
function tryToMake(path: string, { mode = 0o777 }: MakeFolderOptions): unknown {
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
