import { readFile } from "node:fs/promises";
import { isObject } from "../api/index.js";
import { replaceFile, sizeOf } from "../files/index.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";

/** Takes lines out of an output file that is not shown yet, and brings the others into another order. */
export async function rewriteOutput(
  path: string,
  { shuffleOutput = false, missingLines = [] }: BatchServerTrouble,
): Promise<void> {
  if (!(shuffleOutput || missingLines.length > 0) || !(await sizeOf(path))) return;
  const missing = new Set<unknown>(missingLines);
  const lines = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  const kept = lines.filter((line) => !missing.has(readId(line)));
  const rewritten = shuffleOutput ? shuffle(kept) : kept;
  // Of a file in which no line is left something stays: what is counted has a file, and of one with nothing in it none would be named.
  const text = rewritten.length === 0 ? "\n" : rewritten.map((line) => `${line}\n`).join("");
  await replaceFile(path, (file) => file.writeFile(text), { mode: 0o600 });
}

function readId(line: string): unknown {
  const value: unknown = JSON.parse(line);
  return isObject(value) ? value.custom_id : undefined;
}

/** Always the same for as many lines. Two are exchanged at least. */
function shuffle(lines: readonly string[]): readonly string[] {
  const shuffled = [...lines].reverse();
  let seed = lines.length;
  for (let index = shuffled.length - 1; index > 2; index -= 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const other = seed % index;
    const [one = "", two = ""] = [shuffled[index], shuffled[other]];
    shuffled[index] = two;
    shuffled[other] = one;
  }
  return shuffled;
}
