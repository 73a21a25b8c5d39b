import type { Stats } from "node:fs";
import { type FileHandle, readlink, realpath, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { OpenbatchError, toFileError } from "../errors/index.js";
import { replaceFile } from "./replace-file.js";

interface WriteOutputOptions {
  /** Whether a file that is there already is replaced. */
  readonly overwrite: boolean;
}

/**
 * Writes a file that is in its place when it is whole, and not at all if anything fails. What is there already is looked at
 * before anything is written, and once more at the end.
 *
 * @throws {OpenbatchError} `file_exists`, `not_a_file`, and those of a file that cannot be written.
 */
export async function writeOutput(
  path: string,
  { overwrite }: WriteOutputOptions,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await replaceFile(await toTarget(path, overwrite), async (file) => {
    await write(file);
    // It may have taken long: what somebody else has put there meanwhile is as much theirs.
    if (!overwrite) await toTarget(path, overwrite);
  });
}

/**
 * Removes a file that {@link writeOutput} would replace, and nothing else: no device, and not the link that leads to it. One that is not
 * there is no failure.
 *
 * @throws {OpenbatchError} `not_a_file`, and those of a file that cannot be removed.
 */
export async function removeOutput(path: string): Promise<void> {
  const target = await toTarget(path, true);
  try {
    await rm(target, { force: true });
  } catch (cause) {
    throw toFileError(cause, "remove", path);
  }
}

/** The file itself where the path is a link to it, so that the link stays one, also a link to what is not there yet. */
async function toTarget(path: string, overwrite: boolean): Promise<string> {
  const found = await statIfThere(path);
  if (found === undefined) return followLinks(path);
  if (!found.isFile()) {
    throw new OpenbatchError(
      "not_a_file",
      `${path} is ${found.isDirectory() ? "a folder" : "no regular file"}.`,
      {
        hint: "Name a file.",
      },
    );
  }
  if (!overwrite) {
    throw new OpenbatchError("file_exists", `${path} is there already; it is as it was.`, {
      hint: "Choose another path, or replace it: overwrite: true (--overwrite).",
    });
  }
  return realpath(path);
}

/** They end somewhere: of links in a circle the system says so before. */
async function followLinks(path: string): Promise<string> {
  let target: string;
  try {
    target = resolve(dirname(path), await readlink(path));
  } catch {
    return path;
  }
  return followLinks(target);
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    const error = toFileError(cause, "write", path);
    if (error instanceof OpenbatchError && error.code === "file_not_found") return undefined;
    throw error;
  }
}
