import { readFileSync } from "node:fs";
import { toFileError } from "../../errors/index.js";

/** The lines of a part, ascending, and a number made of what stood in each. */
export interface PartLines {
  readonly lines: Uint32Array;
  readonly hashes: Uint32Array;
}

/** As a part's own file holds it: `12 9a0364b9` a line. Put together as bytes: as texts they take several times as long. */
export function toPartLines({ lines, hashes }: PartLines): Buffer {
  const bytes = Buffer.allocUnsafe(lines.length * mostBytes);
  let end = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? 0;
    end = putNumber(bytes, end, line);
    bytes[end] = space;
    end = putHash(bytes, end + 1, hashes[index] ?? 0);
    bytes[end] = lineFeed;
    end += 1;
  }
  return bytes.subarray(0, end);
}

/** Gives where it ends. */
function putNumber(bytes: Buffer, start: number, number: number): number {
  let end = start + 1;
  for (let power = 10; power <= number; power *= 10) end += 1;
  for (let at = end - 1, rest = number; at >= start; at -= 1) {
    const next = Math.floor(rest / 10);
    bytes[at] = digit0 + rest - next * 10;
    rest = next;
  }
  return end;
}

function putHash(bytes: Buffer, start: number, hash: number): number {
  for (let index = 0; index < hashDigits; index += 1) {
    const digit = (hash >>> (28 - 4 * index)) & 15;
    bytes[start + index] = digit < 10 ? digit0 + digit : letterA + digit - 10;
  }
  return start + hashDigits;
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

const hashDigits = 8;
/** Of a line: ten digits, a space, a hash, and its line feed. */
const mostBytes = 20;
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
