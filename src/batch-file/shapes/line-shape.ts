import { isUtf8 } from "node:buffer";
import { notFound } from "../json-bytes.js";
import { ByteWords } from "./byte-words.js";
import { listValues, type ValuePlace } from "./list-values.js";
import { skipPlainText, skipText, type TextTraits } from "./skip-text.js";
import { skipWholeNumber } from "./skip-whole-number.js";

type IsHole = (path: ValuePlace["path"]) => boolean;

/** What may be another one in a line of the same shape. */
export interface HolesOfLine {
  readonly isText: IsHole;
  /** No number, if it is not given. Where a whole number stands, another may; any other is part of the shape. */
  readonly isNumber?: IsHole;
}

/** Nothing is kept of a longer line: its shape would fill the memory. A longer line may have a shape that is known. */
const maxBytes = 1_048_576;

/**
 * A line with holes: its id, some of its texts, and some of its whole numbers. Another line has the shape where it is equal byte by byte
 * outside the holes, and each of its own is filled by a sound JSON string that is not empty, or by a whole number. Then it is JSON of the
 * same structure, with the same keys, and all else that stands outside: bytes that are equal up to the quote that opens a string, and from
 * the quote that closes it, are read alike.
 */
export class LineShape {
  /** What stands before, between and behind the holes; quotes are on this side. */
  readonly #stretches: readonly ByteWords[];
  /** Where each begins in the line that the shape is of. */
  readonly #places: readonly number[];
  /** The number of the hole that is the id. */
  readonly #idHole: number;
  /** By the number of the hole. */
  readonly #isNumber: readonly boolean[];
  readonly #traits: TextTraits = { isBeyondAscii: false };
  /** In the line that was matched last: where its id is, and where each stretch begins. */
  #idStart = 0;
  #idEnd = 0;
  readonly #starts: number[] = [];

  private constructor({ stretches, places, idHole, isNumber }: Layout) {
    this.#stretches = stretches.map((stretch) => ByteWords.of(Buffer.from(stretch)));
    this.#places = places;
    this.#idHole = idHole;
    this.#isNumber = isNumber;
  }

  /**
   * The shape of a line; nothing for a line without an id, and for one that is too long.
   * @param line an object that `JSON.parse` takes, without a key that comes twice in the object itself.
   */
  static of(line: Buffer, holes: HolesOfLine): LineShape | undefined {
    if (line.length > maxBytes) return undefined;
    const layout: Layout = { stretches: [], places: [0], idHole: notFound, isNumber: [] };
    let from = 0;
    for (const { kind, path, start, end } of listValues(line)) {
      const isId = kind === "text" && path.length === 1 && path[0] === "custom_id";
      const isNumber =
        kind === "number" && holes.isNumber?.(path) === true && skipWholeNumber(line, start) === end;
      const isText = kind === "text" && (isId || holes.isText(path));
      if (!isNumber && !isText) continue;
      if (isId) layout.idHole = layout.stretches.length;
      layout.isNumber.push(isNumber);
      layout.stretches.push(line.subarray(from, start));
      layout.places.push(end);
      from = end;
    }
    layout.stretches.push(line.subarray(from));
    return layout.idHole === notFound ? undefined : new LineShape(layout);
  }

  /** Whether what stands in a buffer has this shape. */
  matches(words: ByteWords, start: number, end: number): boolean {
    this.#traits.isBeyondAscii = false;
    const last = this.#stretches.length - 1;
    let at = start;
    for (let number = 0; ; number += 1) {
      this.#starts[number] = at;
      at = skipEqual(words, at, end, this.#stretches[number]);
      if (number === last || at === notFound) break;
      at = this.#skipHole(number, words, at);
      if (at === notFound) break;
    }
    return at === end && (!this.#traits.isBeyondAscii || isUtf8(words.bytes.subarray(start, end)));
  }

  /** The id in the line that was matched last. */
  readId(buffer: Buffer): string {
    return buffer.toString("latin1", this.#idStart, this.#idEnd);
  }

  /** Where in the line that was matched last stands what is at a place, outside the holes, in the line that the shape is of. */
  placeOf(place: number): number {
    let stretch = this.#places.length - 1;
    while (stretch > 0 && (this.#places[stretch] ?? 0) > place) stretch -= 1;
    return (this.#starts[stretch] ?? 0) + place - (this.#places[stretch] ?? 0);
  }

  /** An empty text may mean something else than any other; and an id has to be what it says. */
  #skipHole(number: number, words: ByteWords, start: number): number {
    if (this.#isNumber[number]) return skipWholeNumber(words.bytes, start);
    const isId = number === this.#idHole;
    const end = isId ? skipPlainText(words.bytes, start) : skipText(words, start, this.#traits);
    if (end === start) return notFound;
    if (isId) [this.#idStart, this.#idEnd] = [start, end];
    return end;
  }
}

interface Layout {
  readonly stretches: Buffer[];
  readonly places: number[];
  idHole: number;
  readonly isNumber: boolean[];
}

/** Where it goes on behind what is to stand there. */
function skipEqual(words: ByteWords, start: number, end: number, wanted: ByteWords | undefined): number {
  if (wanted === undefined) return notFound;
  const { length } = wanted.bytes;
  if (start + length > end) return notFound;
  let index = 0;
  for (; index + 4 <= length; index += 4) if (words.at(start + index) !== wanted.at(index)) return notFound;
  for (; index < length; index += 1) if (words.bytes[start + index] !== wanted.bytes[index]) return notFound;
  return start + length;
}
