import { fstatSync, read, readSync } from "node:fs";
import { promisify } from "node:util";
import { LineScanner, type RawLine } from "../../jsonl/index.js";

const readAsync = promisify(read);
const chunkBytes = 1_048_576;

type OnLine = (line: RawLine) => void;

/** Goes through the lines of an open file from its beginning; what is no regular file has none. */
export function scanLines(fd: number, onLine: OnLine): void {
  if (!fstatSync(fd).isFile()) return;
  const scanner = new LineScanner(onLine);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let position = 0; ; ) {
    const length = readSync(fd, chunk, 0, chunkBytes, position);
    if (length === 0) return scanner.end();
    scanner.push(chunk.subarray(0, length));
    position += length;
  }
}

/** The same, without blocking. */
export async function scanLinesAsync(fd: number, onLine: OnLine): Promise<void> {
  if (!fstatSync(fd).isFile()) return;
  const scanner = new LineScanner(onLine);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let position = 0; ; ) {
    const { bytesRead } = await readAsync(fd, chunk, 0, chunkBytes, position);
    if (bytesRead === 0) return scanner.end();
    scanner.push(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
}
