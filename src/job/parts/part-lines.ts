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
  const text = readText(path);
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf("\n", start);
    if (end === -1) end = text.length;
    const [line, hash = ""] = text.slice(start, end).split(" ");
    yield { line: Number(line), hash: Number.parseInt(hash, 16) };
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (cause) {
    throw toFileError(cause, "read", path);
  }
}
