import type { LineBytes } from "../line-bytes.js";

/** So many shapes are kept: a file has a few, and to try each takes time. */
const maxShapes = 8;
/** After so many lines it is known whether it pays to look. */
const trial = 256;
/** To make a shape takes as long as to parse some lines: it is made for so many lines that had one, beside the first ones. */
const linesPerShape = 16;

/**
 * The shapes of a file's lines, the latest first. Looks no further where fewer than half of the lines have a shape that was there
 * before.
 */
export class RecentShapes<Shape extends { matches(line: LineBytes): boolean }> {
  readonly #kept: Shape[] = [];
  #tried = 0;
  #found = 0;
  #made = 0;

  /** Whether it has paid so far to look. */
  get pays(): boolean {
    return this.#tried < trial || this.#found * 2 >= this.#tried;
  }

  find(line: LineBytes): Shape | undefined {
    this.#tried += 1;
    for (let number = 0; number < this.#kept.length; number += 1) {
      const kept = this.#kept[number];
      if (!kept?.matches(line)) continue;
      this.#found += 1;
      if (number > 0) this.#putFirst(number, kept);
      return kept;
    }
    return undefined;
  }

  /** Whether it is time for the shape of a line that has none of those that are kept. */
  get takesMore(): boolean {
    return this.pays && this.#made < maxShapes + this.#found / linesPerShape;
  }

  /** Keeps a shape, in place of another where it is a wider one. */
  keep({ shape, instead }: { readonly shape?: Shape; readonly instead?: Shape }): void {
    this.#made += 1;
    if (shape === undefined) return;
    const before = instead === undefined ? -1 : this.#kept.indexOf(instead);
    if (before !== -1) this.#kept.splice(before, 1);
    this.#kept.length = Math.min(this.#kept.length, maxShapes - 1);
    this.#kept.unshift(shape);
  }

  #putFirst(number: number, kept: Shape): void {
    this.#kept.copyWithin(1, 0, number);
    this.#kept[0] = kept;
  }
}
