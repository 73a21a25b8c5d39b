import { ClaimedLines } from "../../execute/index.js";
import type { JobFolder } from "../record/job-folder.js";
import { readPartLines, toPartLines } from "./part-lines.js";

/**
 * Which lines each part has, as the folder of a job holds them. Those that were written or read last are in memory too, 4 bytes a line:
 * a part is claimed, sent, taken in and released in steps that follow each other, and each asks for them.
 */
export class KeptLines {
  readonly #folder: JobFolder;
  readonly #hashOf: (line: number) => number;
  readonly #claims = new Map<number, string>();
  #last: { readonly number: number; readonly lines: Uint32Array } | undefined;

  /** @param hashOf a number made of what stands in a line. */
  constructor(folder: JobFolder, hashOf: (line: number) => number) {
    this.#folder = folder;
    this.#hashOf = hashOf;
  }

  /** The number of a part that was given up may be that of another one. */
  async write(number: number, lines: Uint32Array): Promise<void> {
    this.#last = undefined;
    this.#claims.delete(number);
    await this.#folder.writePartLines(number, toPartLines(lines, this.#hashOf));
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
