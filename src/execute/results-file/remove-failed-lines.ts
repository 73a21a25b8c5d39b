import { closeSync, openSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { BatchFile, LineSet } from "../../batch-file/index.js";
import { LineCursor } from "../../batch-file/index.js";
import { toFileError } from "../../errors/index.js";
import { removeLeftovers, replaceFile } from "../../files/index.js";
import { parseResultLine, readResultLine } from "./read-result-line.js";

const flushBytes = 262_144;
const lineFeed = Buffer.from("\n");

/**
 * Takes the lines with failures of these requests out of a results file, so that they are pending again. All other lines stay
 * byte for byte as they are; if anything fails, the file does.
 */
export async function removeFailedLines(path: string, batchFile: BatchFile, lines: LineSet): Promise<void> {
  const isKept = (bytes: Buffer): boolean => {
    const result = readResultLine(bytes);
    if (result.kind !== "result" || result.failure === undefined) return true;
    const line = batchFile.find(result.custom_id);
    return line === undefined || !lines.has(line);
  };
  // Whoever has the lock is the only one.
  await removeLeftovers(path, { isAlone: true });
  const fd = openToRead(path);
  try {
    await replaceFile(path, (file) => copyLines(fd, file, isKept), { mode: 0o600 });
  } finally {
    closeSync(fd);
  }
}

function openToRead(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw toFileError(cause, "open", path);
  }
}

/** Leaves a torn last line out. */
async function copyLines(fd: number, file: FileHandle, isKept: (bytes: Buffer) => boolean): Promise<void> {
  const cursor = new LineCursor(fd);
  let kept: Buffer[] = [];
  let keptBytes = 0;
  const flush = async (): Promise<void> => {
    if (keptBytes > 0) await file.appendFile(Buffer.concat(kept));
    kept = [];
    keptBytes = 0;
  };
  while (cursor.next()) {
    const { bytes } = cursor;
    if (!isKept(bytes) || (!cursor.isTerminated && parseResultLine(bytes).kind !== "result")) continue;
    kept.push(Buffer.from(bytes), lineFeed);
    keptBytes += bytes.length + 1;
    if (keptBytes >= flushBytes) await flush();
  }
  await flush();
}
