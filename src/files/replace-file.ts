import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { toFileError } from "../errors/index.js";

export interface ReplaceFileOptions {
  /** The permissions of the file, as for `open`. By default those that the system gives a new file. */
  readonly mode?: number;
}

/**
 * Writes a file beside the one at the path, and puts it in its place when it is whole and on the disk.
 * If anything fails, what was at the path is as it was.
 */
export async function replaceFile(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  { mode = 0o666 }: ReplaceFileOptions = {},
): Promise<void> {
  const beside = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await open(beside, "wx", mode);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(beside, { force: true });
    throw toFileError(cause, "write", path);
  }
}

/** Makes the new name survive a power cut, where the system lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path);
    await folder.sync().finally(() => folder.close());
  } catch {
    return;
  }
}
