import { countOf, formatCount } from "../../errors/index.js";
import type { PromptCell } from "../../index.js";
import type { BuildFlags } from "./build-flags.js";

/** A column of the prompt whose cells are blank in some rows. */
export interface BlankCells {
  readonly column: string;
  readonly count: number;
  /** The numbers of the first ten rows. */
  readonly rows: readonly number[];
}

/** How many cells of a prompt are blank. */
export type BlankPart = "none" | "some" | "all";

const maxListed = 10;

/** A cell is worth a word that has so many characters, and so many times as many as half of the others. */
const giantLength = 10_000;
const giantRatio = 20;

/** What the prompt is made of, over all rows: how often there is nothing, and how long the longest is. */
export class PromptCells {
  readonly #blank = new Map<string, { count: number; readonly rows: number[] }>();
  readonly #lengths = new Map<string, CellLengths>();

  /** How much of the prompt of a row is blank. */
  add(row: number, cells: readonly PromptCell[]): BlankPart {
    let blank = 0;
    for (const { column, text } of cells) {
      if (text !== null) this.#lengthsOf(column).add(row, text.length);
      if (text !== null && text.trim() !== "") continue;
      blank += 1;
      this.#addBlank(row, column);
    }
    if (blank === 0) return "none";
    return blank < cells.length ? "some" : "all";
  }

  get blank(): readonly BlankCells[] {
    return [...this.#blank].map(([column, { count, rows }]) => ({ column, count, rows }));
  }

  /** In sentences, for people. */
  toNotes({ skipEmpty, skipBlankRows }: Pick<BuildFlags, "skipEmpty" | "skipBlankRows">): readonly string[] {
    const isSkipped = skipEmpty || (skipBlankRows && this.#lengths.size === 1);
    const blank = this.blank.map(({ column, count, rows }) => {
      const listed = `${rows.map(formatCount).join(", ")}${count > rows.length ? ", …" : ""}`;
      const what = `in ${countOf(count, "row")} {${column}} is blank (row${count === 1 ? "" : "s"} ${listed})`;
      if (skipBlankRows && !isSkipped) return `${what}.`;
      return isSkipped
        ? `${what}: left out.`
        : `${what}; --skip-empty leaves ${count === 1 ? "it" : "them"} out.`;
    });
    const giants = [...this.#lengths].flatMap(([column, lengths]) => lengths.toNote(column) ?? []);
    return [...blank, ...giants];
  }

  #addBlank(row: number, column: string): void {
    const found = this.#blank.get(column) ?? { count: 0, rows: [] };
    found.count += 1;
    if (found.rows.length < maxListed) found.rows.push(row);
    this.#blank.set(column, found);
  }

  #lengthsOf(column: string): CellLengths {
    const found = this.#lengths.get(column);
    if (found !== undefined) return found;
    const lengths = new CellLengths();
    this.#lengths.set(column, lengths);
    return lengths;
  }
}

/** How long the cells of a column are, counted by their length to two digits: little memory for any number of rows. */
class CellLengths {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #longest = { row: 0, length: 0 };

  add(row: number, length: number): void {
    const rounded = toTwoDigits(length);
    this.#counts.set(rounded, (this.#counts.get(rounded) ?? 0) + 1);
    this.#count += 1;
    if (length > this.#longest.length) this.#longest = { row, length };
  }

  toNote(column: string): string | undefined {
    const { row, length } = this.#longest;
    const median = this.#findMedian();
    if (length < giantLength || length < median * giantRatio || this.#count < 3) return undefined;
    return `{${column}} of row ${formatCount(row)} has ${formatCount(length)} characters, the median about ${formatCount(median)}.`;
  }

  #findMedian(): number {
    let passed = 0;
    for (const [length, count] of [...this.#counts].sort(([one], [other]) => one - other)) {
      passed += count;
      if (passed * 2 >= this.#count) return length;
    }
    return 0;
  }
}

function toTwoDigits(count: number): number {
  let unit = 1;
  while (count >= 100 * unit) unit *= 10;
  return Math.round(count / unit) * unit;
}
