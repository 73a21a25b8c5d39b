import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
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

export async function* readPartLines(path: string): AsyncGenerator<PartLine> {
  try {
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      const [line, hash] = text.split(" ");
      yield { line: Number(line), hash: Number.parseInt(hash ?? "", 16) };
    }
  } catch (cause) {
    throw toFileError(cause, "read", path);
  }
}
