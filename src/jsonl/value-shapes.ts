import type { EscapeOptions } from "./escape-line.js";
import { type FreeUnits, type ShapedValue, ValueShape } from "./value-shape.js";

/** So many shapes are kept: a file has a few, and to try each takes time. */
const maxShapes = 8;
/** After so many values it is known whether it pays to look. */
const trial = 256;
/** To make a shape takes as long as a few of its values save; the first ones are made for nothing. */
const freeShapes = 32;
const valuesPerShape = 8;

/**
 * The shapes of the values that were written last, the latest first. Looks no further where fewer than half of the values have a
 * shape that was there before.
 */
export class ValueShapes {
  readonly #freeUnits: FreeUnits;
  readonly #options: EscapeOptions;
  readonly #kept: ValueShape[] = [];
  #tried = 0;
  #found = 0;
  #made = 0;

  constructor(freeUnits: FreeUnits, options: EscapeOptions) {
    this.#freeUnits = freeUnits;
    this.#options = options;
  }

  find(value: object): ShapedValue | undefined {
    if (!this.#pays) return undefined;
    this.#tried += 1;
    for (let number = 0; number < this.#kept.length; number += 1) {
      const shape = this.#kept[number];
      const shaped = shape?.match(value);
      if (shape === undefined || shaped === undefined) continue;
      this.#found += 1;
      if (number > 0) this.#putFirst(shape);
      return shaped;
    }
    return undefined;
  }

  /** Keeps the shape of a value of plain JSON data, for values in which other free texts may stand. */
  keep(value: object): void {
    if (!this.#pays || this.#made > freeShapes + this.#found / valuesPerShape) return;
    const shape = ValueShape.of(value, this.#freeUnits, this.#options);
    if (shape === undefined) return;
    this.#made += 1;
    this.#kept.length = Math.min(this.#kept.length, maxShapes - 1);
    this.#kept.unshift(shape);
  }

  get #pays(): boolean {
    return this.#tried < trial || this.#found * 2 >= this.#tried;
  }

  /** A getter may have moved the shapes meanwhile. */
  #putFirst(shape: ValueShape): void {
    const number = this.#kept.indexOf(shape);
    if (number !== -1) this.#kept.splice(number, 1);
    this.#kept.unshift(shape);
    this.#kept.length = Math.min(this.#kept.length, maxShapes);
  }
}
