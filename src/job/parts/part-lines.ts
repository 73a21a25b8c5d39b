import { readFileSync } from "node:fs";
import { toFileError } from "../../errors/index.js";

/** The lines of a part, ascending, and a number made of what stood in each. */
export interface PartLines {
  readonly lines: Uint32Array;
  readonly hashes: Uint32Array;
}

/** As a part's own file holds it: `12 9a0364b9` a line. */
export function toPartLines(lines: Uint32Array, hashOf: (line: number) => number): string {
  const hashes = Buffer.allocUnsafe(lines.length * hashBytes);
  for (const [index, line] of lines.entries()) hashes.writeUInt32BE(hashOf(line), index * hashBytes);
  const digits = hashes.toString("hex");
  const parts: string[] = [];
  for (const [index, line] of lines.entries())
    parts.push(`${line} ${digits.slice(index * hashDigits, (index + 1) * hashDigits)}\n`);
  return parts.join("");
}

/** All at once: a part has no more requests than a batch takes, and 8 bytes of each are kept. */
export function readPartLines(path: string): PartLines {
  const bytes = readBytes(path);
  const most = Math.ceil(bytes.length / leastBytes);
  const [lines, hashes] = [new Uint32Array(most), new Uint32Array(most)];
  let [count, line, hash, isHash] = [0, 0, 0, false];
  // Three times as fast as to iterate.
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === space) isHash = true;
    else if (byte === lineFeed) {
      lines[count] = line;
      hashes[count] = hash;
      [count, line, hash, isHash] = [count + 1, 0, 0, false];
    } else if (isHash) hash = hash * 16 + (byte < letterA ? byte - digit0 : byte - letterA + 10);
    else line = line * 10 + byte - digit0;
  }
  return { lines: lines.subarray(0, count), hashes: hashes.subarray(0, count) };
}

const hashBytes = 4;
const hashDigits = 8;
/** Of a line: `1 9a0364b9` and its line feed. */
const leastBytes = 11;

/** In ASCII. */
const lineFeed = 10;
const space = 32;
const digit0 = 48;
const letterA = 97;

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw toFileError(cause, "read", path);
  }
}
