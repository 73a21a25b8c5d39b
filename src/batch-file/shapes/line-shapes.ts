import { isUtf8 } from "node:buffer";
import type { LineBytes } from "../line-bytes.js";
import type { LineRun } from "./line-run.js";
import { type HolesOfLine, LineShape } from "./line-shape.js";
import { ShapeScanner } from "./shape-scanner.js";

/** So many shapes are kept: a file has a few, and to try each takes time. */
const maxShapes = 8;
/** After so many lines it is known whether it pays to look. */
const trial = 256;

/** The shape of a line, and what was kept with it: that is known of every line of this shape. */
export interface ShapedLine<Known> {
  readonly shape: LineShape;
  readonly known: Known;
}

/**
 * The shapes of a file's lines, the latest first, each with what is known of every line that has it. Looks no further where fewer than
 * half of the lines have a shape that was there before.
 */
export class LineShapes<Known> {
  readonly #holes: HolesOfLine;
  readonly #kept: ShapedLine<Known>[] = [];
  readonly #scanner = ShapeScanner.shared;
  #tried = 0;
  #found = 0;

  constructor(holes: HolesOfLine) {
    this.#holes = holes;
  }

  /** Whether it has paid so far to look. */
  get pays(): boolean {
    const isTried = this.#tried >= trial;
    return this.#scanner !== undefined && (!isTried || this.#found * 2 >= this.#tried);
  }

  /** The shape that a line has, if it is known. What it tells of the line is valid until any other line is compared. */
  find(line: LineBytes): ShapedLine<Known> | undefined {
    if (!this.pays) return undefined;
    this.#tried += 1;
    for (let number = 0; number < this.#kept.length; number += 1) {
      const kept = this.#kept[number];
      if (!kept?.shape.matches(line)) continue;
      this.#found += 1;
      if (number > 0) this.#putFirst(number, kept);
      return kept;
    }
    return undefined;
  }

  /**
   * The shape that the line at the start and those behind it have, as far as they are put into a run. Where the first has none that is
   * known, there is none.
   */
  findRun(lines: LineBytes, run: LineRun): ShapedLine<Known> | undefined {
    if (!this.pays) return undefined;
    for (let number = 0; number < this.#kept.length; number += 1) {
      const kept = this.#kept[number];
      const count = kept?.shape.matchRun(lines, run) ?? 0;
      if (kept === undefined || count === 0) continue;
      this.#tried += count;
      this.#found += count;
      if (number > 0) this.#putFirst(number, kept);
      return kept;
    }
    this.#tried += 1;
    return undefined;
  }

  /**
   * Keeps nothing of a line that is not UTF-8: what is known of it is known of none that fills its holes otherwise.
   * @param line see {@link LineShape.of}.
   */
  keep(line: Buffer, known: Known): void {
    if (!this.pays || this.#scanner === undefined || !isUtf8(line)) return;
    const shape = LineShape.of(line, this.#holes, this.#scanner);
    if (!shape) return;
    this.#kept.length = Math.min(this.#kept.length, maxShapes - 1);
    this.#kept.unshift({ shape, known });
  }

  #putFirst(number: number, kept: ShapedLine<Known>): void {
    this.#kept.copyWithin(1, 0, number);
    this.#kept[0] = kept;
  }
}
