import { tryParseJson } from "../../jsonl/index.js";
import { backslash, notFound, openBracket, quote } from "../json-bytes.js";
import { FloatReader } from "./float-reader.js";
import type { LineHole } from "./line-holes.js";
import { readNumber, skipNumber } from "./number-text.js";

type JsonObject = Readonly<Record<string, unknown>>;

interface Hole {
  readonly kind: LineHole["kind"];
  readonly isRead: boolean;
  /** All that stands between the hole before and this one; quotes are on this side. */
  readonly before: string;
  /** Where in the value it belongs. */
  readonly holder: Record<string, unknown>;
  readonly key: string;
  /** Where it stands in the line that was matched last. */
  start: number;
  end: number;
}

/** The bytes of a line of which every character is one byte: from `start` on. */
export interface AsciiBytes {
  readonly buffer: Buffer;
  readonly start: number;
}

/**
 * The value of a line, with holes in it: some of its texts and numbers. Another line has the shape where it is equal outside the holes,
 * and each of its own holds a sound text or number. Then `JSON.parse` makes the same value of it but for what stands in the holes: that
 * is filled in here, and nothing is parsed but the texts.
 */
export class FilledShape {
  readonly #holes: readonly Hole[];
  readonly #behind: string;
  readonly #value: JsonObject;
  readonly #floats = new FloatReader();

  /**
   * @param line the line itself.
   * @param holes in their order, those that are to be left open.
   * @param value the value of the line, which the shape keeps for itself.
   */
  constructor(line: string, holes: readonly LineHole[], value: JsonObject) {
    let from = 0;
    this.#holes = holes.map(({ kind, isRead, start, end, holder, key }) => {
      const before = line.slice(from, start);
      from = end;
      return { kind, isRead, before, holder, key, start, end };
    });
    this.#behind = line.slice(from);
    this.#value = value;
  }

  /** Whether a line has this shape. */
  matches(line: string): boolean {
    let at = 0;
    for (let number = 0; number < this.#holes.length; number += 1) {
      const hole = this.#holes[number];
      if (hole === undefined || !stands(line, at, hole.before)) return false;
      hole.start = at + hole.before.length;
      hole.end = this.#findEnd(line, hole, number);
      if (hole.end === notFound) return false;
      at = hole.end;
    }
    return line.length === at + this.#behind.length && stands(line, at, this.#behind);
  }

  /**
   * The value of the line that was matched last, but for holes that nobody reads; `undefined` where what stands in a hole is unsound.
   * Valid until the next is asked for.
   * @param bytes the same line; only in bytes are floats read.
   */
  read(line: string, bytes: AsciiBytes | undefined): JsonObject | undefined {
    for (const hole of this.#holes) {
      const value = hole.kind === "floats" ? this.#readFloats(hole, bytes) : readHole(line, hole);
      if (value === undefined) return undefined;
      if (hole.isRead) hole.holder[hole.key] = value;
    }
    return this.#value;
  }

  #readFloats({ start, end }: Hole, bytes: AsciiBytes | undefined): Float32Array | undefined {
    return bytes && this.#floats.read(bytes.buffer, bytes.start + start, bytes.start + end);
  }

  #findEnd(line: string, { kind, start }: Hole, number: number): number {
    switch (kind) {
      case "number":
        return skipNumber(line, start);
      case "word":
        return skipWord(line, start);
      case "text":
        // What comes next begins with the quote that closes the text; or this is inside of it, and it is no sound text.
        return line.indexOf(this.#holes[number + 1]?.before ?? this.#behind, start);
      case "floats":
        return findListEnd(line, start);
      default:
        return kind satisfies never;
    }
  }
}

/** To cut a piece out and compare it is faster than any comparison in place. */
function stands(line: string, at: number, piece: string): boolean {
  return line.slice(at, at + piece.length) === piece;
}

function findListEnd(line: string, start: number): number {
  const end = line.charCodeAt(start) === openBracket ? line.indexOf("]", start) : notFound;
  return end === notFound ? notFound : end + 1;
}

const space = 0x20;
const firstBeyondAscii = 0x80;

/** Goes through printable ASCII without an escape, which is what it says, to the quote that closes it. */
function skipWord(line: string, start: number): number {
  for (let at = start; at < line.length; at += 1) {
    const unit = line.charCodeAt(at);
    if (unit === quote) return at;
    if (unit < space || unit === backslash || unit >= firstBeyondAscii) return notFound;
  }
  return notFound;
}

/** A longer piece of a text is one that keeps the whole text in memory; V8 copies a shorter one. */
const maxCopied = 12;

function readHole(line: string, { kind, isRead, start, end }: Hole): unknown {
  if (kind === "number") return readNumber(line, start, end);
  if (kind === "word" && (!isRead || end - start <= maxCopied)) return line.slice(start, end);
  return tryParseJson(line.slice(start - 1, end + 1));
}
