import { constants, fchmodSync, openSync } from "node:fs";
import { toFileError } from "../errors/index.js";

const creating = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;

/** Creates a file to append to, for its owner alone whatever the umask of the process is. */
export function createOwnFile(path: string): number {
  try {
    const fd = openSync(path, creating, 0o600);
    fchmodSync(fd, 0o600);
    return fd;
  } catch (cause) {
    throw toFileError(cause, "create", path);
  }
}
