import { constants, copyFile, link, open } from "node:fs/promises";
import { isSystemError, toFileError } from "../../errors/index.js";
import { holdsBytes } from "../../files/index.js";

/** `requests.jsonl` and `requests.jsonl.gz` become `requests.fixed.jsonl`; any other name keeps its ending. */
export function toFixedPath(file: string): string {
  return `${toBareName(file)}.fixed.jsonl`;
}

/** Keeps a torn line as it is in NAME.torn, or NAME.torn.1 and so on if another is there. Gives the path. */
export async function keepTornLine(file: string, line: Buffer): Promise<string> {
  return createFree(`${toBareName(file)}.torn`, async (path) => {
    if (await holdsBytes(path, line)) return;
    const kept = await open(path, "wx");
    try {
      await kept.writeFile(line);
      await kept.sync();
    } finally {
      await kept.close();
    }
  });
}

/** Gives a file a second name, NAME.jsonl.bak or NAME.jsonl.bak.1 and so on, to outlive its replacement. */
export async function keepBackup(file: string): Promise<string> {
  return createFree(`${file}.bak`, async (path) => {
    try {
      await link(file, path);
    } catch (error) {
      if (isTaken(error)) throw error;
      // Some file systems have no second names.
      await copyFile(file, path, constants.COPYFILE_EXCL);
    }
  });
}

function toBareName(file: string): string {
  return file.replace(/\.jsonl(?:\.gz)?$/, "");
}

async function createFree(path: string, create: (path: string) => Promise<void>): Promise<string> {
  for (let number = 0; ; number += 1) {
    const free = number === 0 ? path : `${path}.${number}`;
    try {
      await create(free);
      return free;
    } catch (error) {
      if (!isTaken(error)) throw toFileError(error, "write", free);
    }
  }
}

function isTaken(error: unknown): boolean {
  return isSystemError(error) && error.code === "EEXIST";
}
