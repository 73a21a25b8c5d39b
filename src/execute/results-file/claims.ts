import { readFileSync, rmSync } from "node:fs";
import { isObject } from "../../api/index.js";
import type { LineSet } from "../../batch-file/index.js";
import { isSystemError, toFileError } from "../../errors/index.js";
import { replaceFile, toClaimsFile } from "../../files/index.js";
import { tryParseJson } from "../../jsonl/index.js";

/** Requests that somebody else sends at this moment. Their results will come into the same file. */
export interface Claim {
  /** Who has them, as it ends the sentence "They are with …". */
  readonly holder: string;
  /** The commands with which they are waited for, and cancelled. */
  readonly wait: string;
  readonly cancel: string;
  readonly requests: number;
  /** Lines of the batch file: `1-50000,50007`. */
  readonly lines: string;
}

/** What of a results file is elsewhere. Nothing where nobody says so. */
export function readClaims(results: string): readonly Claim[] {
  const path = toClaimsFile(results);
  try {
    const value = tryParseJson(readFileSync(path, "utf8"));
    return isObject(value) && Array.isArray(value.claims) ? value.claims.filter(isClaim) : [];
  } catch (cause) {
    if (isSystemError(cause) && cause.code === "ENOENT") return [];
    throw toFileError(cause, "read", path);
  }
}

/** Says anew what is elsewhere; where that is nothing, the file goes. */
export async function writeClaims(results: string, claims: readonly Claim[]): Promise<void> {
  const path = toClaimsFile(results);
  if (claims.length === 0) return rmSync(path, { force: true });
  const text = `${JSON.stringify({ version: 1, claims }, null, 2)}\n`;
  await replaceFile(path, (file) => file.writeFile(text), { mode: 0o600 });
}

/** Takes what is elsewhere out of the lines that are to be sent. */
export function leaveOut(claims: readonly Claim[], lines: LineSet): LineSet {
  for (const claim of claims)
    for (const { first, last } of listClaimed(claim))
      for (let line = first; line <= last; line += 1) lines.delete(line);
  return lines;
}

/** The stretches of lines of a claim, each from its first to its last. */
function* listClaimed({ lines }: Claim): Generator<{ readonly first: number; readonly last: number }> {
  for (const stretch of lines.split(",")) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(stretch) ?? [];
    if (first !== undefined) yield { first: Number(first), last: Number(last ?? first) };
  }
}

/** Writes lines, in their order, as a claim does. */
export class ClaimedLines {
  readonly #stretches: { first: number; last: number }[] = [];

  add(line: number): void {
    const stretch = this.#stretches.at(-1);
    if (stretch?.last === line - 1) stretch.last = line;
    else this.#stretches.push({ first: line, last: line });
  }

  toString(): string {
    return this.#stretches
      .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
      .join(",");
  }
}

function isClaim(value: unknown): value is Claim {
  if (!isObject(value)) return false;
  const { holder, wait, cancel, requests, lines } = value;
  return (
    [holder, wait, cancel, lines].every((text) => typeof text === "string") && typeof requests === "number"
  );
}
