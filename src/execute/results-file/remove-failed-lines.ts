import { appendFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { BatchFile, LineSet } from "../../batch-file/index.js";
import { LineWalker } from "../../batch-file/index.js";
import { toFileError } from "../../errors/index.js";
import { type OpenFile, openFile, removeLeftovers, replaceFile, toReplacedFile } from "../../files/index.js";
import { parseResultLine, readResultLine } from "./read-result-line.js";

const chunkBytes = 262_144;

/**
 * Takes the lines with failures of these requests out of a results file, so that they are pending again. All other lines stay
 * byte for byte as they are; if anything fails, the file does.
 *
 * @param unusable requests of which the answers go too: to a file of their own, for they were paid for, and another may never come.
 */
export async function removeFailedLines(
  path: string,
  batchFile: BatchFile,
  lines: LineSet,
  unusable?: LineSet,
): Promise<void> {
  const isKept = (bytes: Buffer): boolean => {
    const result = readResultLine(bytes);
    if (result.kind !== "result") return true;
    const taken = result.failure === undefined ? unusable : lines;
    const line = batchFile.find(result.custom_id);
    if (line === undefined || taken?.has(line) !== true) return true;
    if (result.failure === undefined) keepAnswer(toReplacedFile(path), bytes);
    return false;
  };
  // Whoever has the lock is the only one.
  await removeLeftovers(path, { isAlone: true });
  const source = await openFile(path);
  try {
    await replaceFile(path, (file) => copyLines(source, file, isKept), { mode: 0o600 });
  } finally {
    source.close();
  }
}

function keepAnswer(path: string, bytes: Buffer): void {
  try {
    appendFileSync(path, Buffer.concat([bytes, Buffer.from("\n")]), { mode: 0o600 });
  } catch (cause) {
    throw toFileError(cause, "write", path);
  }
}

/** Copies whole stretches of lines. Leaves a torn last line out. */
async function copyLines(
  source: OpenFile,
  file: FileHandle,
  isKept: (bytes: Buffer) => boolean,
): Promise<void> {
  const lines = new LineWalker(source);
  let kept = { offset: 0, end: 0 };
  while (lines.step()) {
    const { bytes, lineOffset, nextOffset, isTerminated } = lines;
    if (!isKept(bytes) || (!isTerminated && parseResultLine(bytes).kind !== "result")) continue;
    if (kept.end !== lineOffset) {
      await copy(source, file, kept);
      kept = { offset: lineOffset, end: lineOffset };
    }
    kept.end = nextOffset;
  }
  await copy(source, file, kept);
  if (kept.end > 0 && kept.end === lines.nextOffset && !lines.isTerminated) await file.appendFile("\n");
}

async function copy(
  source: OpenFile,
  file: FileHandle,
  { offset: start, end }: { readonly offset: number; readonly end: number },
): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - start));
  for (let offset = start; offset < end; ) {
    const length = source.read(buffer, 0, { offset, length: Math.min(buffer.length, end - offset) });
    if (length === 0) return;
    await file.appendFile(buffer.subarray(0, length));
    offset += length;
  }
}
