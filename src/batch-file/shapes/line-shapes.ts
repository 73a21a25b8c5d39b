import { ByteWords } from "./byte-words.js";
import { type HolesOfLine, LineShape } from "./line-shape.js";

/** So many shapes are kept: a file has a few, and to try each takes time. */
const maxShapes = 8;
/** After so many lines it is known whether it pays to look. */
const trial = 256;

interface KeptShape<Known> {
  readonly shape: LineShape;
  readonly known: Known;
}

/** A line of a shape that is known, while what it stands in stays as it is. */
export interface ShapedLine<Known> {
  readonly custom_id: string;
  /** What was kept with the shape. */
  readonly known: Known;
  readonly shape: LineShape;
}

/**
 * The shapes of a file's lines, the latest first, each with what is known of every line that has it. Looks no further where fewer than
 * half of the lines have a shape that was there before.
 */
export class LineShapes<Known> {
  readonly #holes: HolesOfLine;
  readonly #kept: KeptShape<Known>[] = [];
  readonly #words = new ByteWords();
  #tried = 0;
  #found = 0;

  constructor(holes: HolesOfLine) {
    this.#holes = holes;
  }

  /** Whether it has paid so far to look. */
  get pays(): boolean {
    return this.#tried < trial || this.#found * 2 >= this.#tried;
  }

  find(buffer: Buffer, start: number, end: number): ShapedLine<Known> | undefined {
    if (!this.pays) return undefined;
    this.#tried += 1;
    this.#words.take(buffer);
    for (let number = 0; number < this.#kept.length; number += 1) {
      const kept = this.#kept[number];
      if (!kept?.shape.matches(this.#words, start, end)) continue;
      this.#found += 1;
      if (number > 0) this.#putFirst(number, kept);
      const { shape, known } = kept;
      return { custom_id: shape.readId(buffer), known, shape };
    }
    return undefined;
  }

  /** @param line see {@link LineShape.of}. */
  keep(line: Buffer, known: Known): void {
    const shape = this.pays ? LineShape.of(line, this.#holes) : undefined;
    if (shape === undefined) return;
    this.#kept.length = Math.min(this.#kept.length, maxShapes - 1);
    this.#kept.unshift({ shape, known });
  }

  #putFirst(number: number, kept: KeptShape<Known>): void {
    this.#kept.splice(number, 1);
    this.#kept.unshift(kept);
  }
}
