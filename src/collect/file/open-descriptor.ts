import { constants, openSync } from "node:fs";
import { dirname } from "node:path";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { makeFolder } from "../../files/index.js";

const appending = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;

/** Opens a file for appending and for reading what is there, and makes it and its folders where they are absent. */
export function openDescriptor(path: string, { mustBeNew }: { readonly mustBeNew: boolean }): number {
  if (path.endsWith(".gz")) {
    throw new OpenbatchError("invalid_option", `${path}: requests cannot be appended to a compressed file.`, {
      hint: "Collect into a .jsonl file; compress it when it is whole.",
    });
  }
  makeFolder(dirname(path));
  try {
    return openSync(path, mustBeNew ? appending | constants.O_EXCL : appending);
  } catch (cause) {
    throw toFileError(cause, "open", path);
  }
}
