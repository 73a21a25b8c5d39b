import { readFileSync } from "node:fs";
import { toFileError } from "../../errors/index.js";

/** A line of a part, and a number made of what stood in it. */
export interface PartLine {
  readonly line: number;
  readonly hash: number;
}

/** As a part's own file holds it: `12 9a0364b9` a line. */
export function toPartLines(lines: Uint32Array, hashOf: (line: number) => number): string {
  const parts: string[] = [];
  for (const line of lines) parts.push(`${line} ${hashOf(line).toString(16).padStart(8, "0")}\n`);
  return parts.join("");
}

/** All at once: a part has no more requests than a batch takes, and 20 bytes of each are here. */
export function* readPartLines(path: string): Generator<PartLine> {
  const bytes = readBytes(path);
  let [line, hash, isHash] = [0, 0, false];
  for (const byte of bytes) {
    if (byte === space) isHash = true;
    else if (byte === lineFeed) {
      yield { line, hash };
      [line, hash, isHash] = [0, 0, false];
    } else if (isHash) hash = hash * 16 + (byte < letterA ? byte - digit0 : byte - letterA + 10);
    else line = line * 10 + byte - digit0;
  }
}

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
