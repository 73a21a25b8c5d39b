import { ClaimedLines } from "../../execute/index.js";
import type { JobFolder } from "../record/job-folder.js";
import { readPartLines, toPartLines } from "./part-lines.js";

/** Gives a number for each line, made of what stands in it. */
export type HashLines = (lines: Uint32Array) => Uint32Array;

/**
 * Which lines each part has, as the folder of a job holds them. Those that were written or read last are in memory too, 4 bytes a line:
 * a part is claimed, sent, taken in and released in steps that follow each other, and each asks for them.
 */
export class KeptLines {
  readonly #folder: JobFolder;
  readonly #hash: HashLines;
  readonly #claims = new Map<number, string>();
  #last: { readonly number: number; readonly lines: Uint32Array } | undefined;

  constructor(folder: JobFolder, hash: HashLines) {
    this.#folder = folder;
    this.#hash = hash;
  }

  /** The number of a part that was given up may be that of another one. */
  async write(number: number, lines: Uint32Array): Promise<void> {
    this.#last = undefined;
    this.#claims.delete(number);
    await this.#folder.writePartLines(number, toPartLines({ lines, hashes: this.#hash(lines) }));
    this.#last = { number, lines };
  }

  of(number: number): Uint32Array {
    if (this.#last?.number !== number) {
      const { lines } = readPartLines(this.#folder.partLines(number));
      this.#last = { number, lines };
    }
    return this.#last.lines;
  }

  /** The lines of a part as a claim names them. */
  claimOf(number: number): string {
    const known = this.#claims.get(number);
    if (known !== undefined) return known;
    const lines = new ClaimedLines();
    for (const line of this.of(number)) lines.add(line);
    this.#claims.set(number, `${lines}`);
    return `${lines}`;
  }
}
