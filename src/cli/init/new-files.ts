import { existsSync, mkdirSync, statSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { OpenbatchError, toFileError } from "../../errors/index.js";

/** Writes files by their paths, all of them or none, and none over one that is there. */
export async function writeNewFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const there = Object.keys(files).find((path) => existsSync(path));
  if (there !== undefined) {
    throw new OpenbatchError("file_exists", `${there} is there already; nothing was written.`, {
      hint: "Name another folder: openbatch init FOLDER.",
    });
  }
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new OpenbatchError("not_a_folder", `${folder} is a file, not a folder; nothing was written.`, {
      hint: "Name a folder: openbatch init FOLDER.",
    });
  }
  const begun: string[] = [];
  try {
    makeFolder(folder);
    for (const [path, text] of Object.entries(files)) {
      const file = await open(path, "wx");
      begun.push(path);
      await file.writeFile(text).finally(() => file.close());
    }
  } catch (cause) {
    for (const path of begun) await rm(path, { force: true });
    throw toFileError(cause, "write into", folder);
  }
}

/** Level by level: `recursive` of Node 20 never ends where the system refuses, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
