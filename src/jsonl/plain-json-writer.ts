import { escapeLine } from "./escape-line.js";
import { findKnownText, leastKnownBytes, SeenValues } from "./known-json.js";
import { leastSeenUnits, SeenTexts } from "./seen-texts.js";
import type { ShapedValue } from "./value-shape.js";

/** A UTF-16 unit becomes at most this many bytes: those of its `\uXXXX`. */
export const maxBytesPerUnit = 6;

/** Values nested deeper than this are left to others. */
const maxDepth = 100;

/** A line and what stands directly in it, such as the body of a request, come once: only what is deeper may come again. */
const newInEachLine = 2;

/** Returned in place of a position: the value is left to others. */
const notWritten = -1;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;

/** Which units stand for themselves in a JSON string: ASCII but for controls, `"` and `\`. */
const standsForItself = Uint8Array.from({ length: 128 }, (_, unit) =>
  unit >= 0x20 && unit !== quote && unit !== backslash ? 1 : 0,
);

/** The second unit of the escapes of two units, by the unit that they stand for. */
const shortEscapes = new Uint8Array(128);
for (const [unit, letter] of ['""', "\\\\", "\bb", "\ff", "\nn", "\rr", "\tt"])
  shortEscapes[String(unit).charCodeAt(0)] = String(letter).charCodeAt(0);

/** A text with more units than these that are no plain ASCII is left to the engine, which is faster from there on. */
const maxUnusual = 8;

const isLineEnd = (unit: number): boolean => unit === 0x85 || unit === 0x2028 || unit === 0x2029;

const isOwn = Object.prototype.hasOwnProperty;

export interface PlainJsonPlace {
  readonly position: number;
  readonly ensureAscii: boolean;
}

/**
 * Writes values into a buffer, with the bytes of `escapeLine(JSON.stringify(value))`, but in one pass that looks at each
 * value once. What is not plain JSON data (a `Date`, `NaN`, an instance of a class) is left to others.
 */
export class PlainJsonWriter {
  readonly #buffer: Buffer;
  readonly #values = new SeenValues();
  readonly #texts = new SeenTexts();
  #depth = 0;
  #ensureAscii = false;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** Returns where the text ends; or -1 for a value that is left to others, or does not fit. */
  write(value: unknown, { position, ensureAscii }: PlainJsonPlace): number {
    this.#depth = 0;
    this.#ensureAscii = ensureAscii;
    return this.#writeValue(value, position);
  }

  /** The same for a value of a known shape. */
  writeShaped({ stretches, texts }: ShapedValue, { position, ensureAscii }: PlainJsonPlace): number {
    this.#ensureAscii = ensureAscii;
    let end = position;
    for (let number = 0; number < stretches.length && end !== notWritten; number += 1) {
      const stretch = stretches[number];
      const text = texts[number];
      if (stretch !== undefined) end = this.#copy(stretch, end);
      if (text !== undefined && end !== notWritten) end = this.#writeString(text, end);
    }
    return end;
  }

  #writeValue(value: unknown, at: number): number {
    switch (typeof value) {
      case "string":
        return this.#writeString(value, at);
      case "number":
        return Number.isFinite(value) ? this.#writeAscii(`${value}`, at) : notWritten;
      case "boolean":
        return this.#writeAscii(value ? "true" : "false", at);
      case "object":
        return value === null ? this.#writeAscii("null", at) : this.#writeMembers(value, at);
      default:
        return notWritten;
    }
  }

  #writeMembers(value: object, at: number): number {
    const text = findKnownText(value, this.#ensureAscii);
    if (text !== undefined) return this.#copy(text, at);
    if (this.#depth === maxDepth) return notWritten;
    this.#depth += 1;
    const prototype: unknown = Object.getPrototypeOf(value);
    let end = notWritten;
    if (prototype === Array.prototype) end = this.#writeArray(value as readonly unknown[], at);
    else if (prototype === Object.prototype || prototype === null)
      end = this.#writeObject(value as Readonly<Record<string, unknown>>, at);
    this.#depth -= 1;
    if (end - at >= leastKnownBytes && this.#depth >= newInEachLine && !this.#ensureAscii)
      this.#values.see(value, this.#buffer.subarray(at, end));
    return end;
  }

  #writeArray(values: readonly unknown[], at: number): number {
    let end = this.#writeAscii("[", at);
    for (let index = 0; index < values.length; index += 1) {
      if (end === notWritten) return end;
      if (index > 0) end = this.#writeUnit(comma, end);
      end = this.#writeValue(values[index], end);
    }
    return end === notWritten ? end : this.#writeAscii("]", end);
  }

  #writeObject(members: Readonly<Record<string, unknown>>, at: number): number {
    let end = this.#writeAscii("{", at);
    if (end === notWritten) return end;
    const first = end;
    for (const name in members) {
      const member = members[name];
      if (member === undefined || !isOwn.call(members, name)) continue;
      if (end !== first) end = this.#writeUnit(comma, end);
      end = this.#writeString(name, end);
      if (end === notWritten) return end;
      end = this.#writeValue(member, this.#writeUnit(colon, end));
      if (end === notWritten) return end;
    }
    return this.#writeAscii("}", end);
  }

  #copy(bytes: Buffer, at: number): number {
    if (at + bytes.length + 4 > this.#buffer.length) return notWritten;
    this.#buffer.set(bytes, at);
    return at + bytes.length;
  }

  #writeString(text: string, at: number): number {
    if (at + text.length * maxBytesPerUnit + 4 > this.#buffer.length) return notWritten;
    if (text.length < leastSeenUnits) return this.#writeText(text, at);
    const seen = this.#texts.see(text, this.#ensureAscii);
    if (seen.json !== undefined) return this.#copy(seen.json, at);
    const end = this.#writeText(text, at);
    if (seen.isRepeated) seen.json = Buffer.from(this.#buffer.subarray(at, end));
    return end;
  }

  #writeText(text: string, at: number): number {
    const buffer = this.#buffer;
    buffer[at] = quote;
    let end = at + 1;
    let unusual = 0;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < 128 && standsForItself[unit] === 1) {
        buffer[end] = unit;
        end += 1;
        continue;
      }
      unusual += 1;
      end = unusual > maxUnusual ? notWritten : this.#writeUnusual(unit, end);
      if (end === notWritten) return this.#writeEscaped(text, at);
    }
    buffer[end] = quote;
    return end + 1;
  }

  /** A unit with a short escape, or one beyond ASCII that needs none and is a character of its own; others are left. */
  #writeUnusual(unit: number, at: number): number {
    const buffer = this.#buffer;
    if (unit < 128) {
      const letter = shortEscapes[unit] ?? 0;
      if (letter === 0) return notWritten;
      buffer[at] = backslash;
      buffer[at + 1] = letter;
      return at + 2;
    }
    if (this.#ensureAscii || isLineEnd(unit) || (unit >= 0xd800 && unit <= 0xdfff)) return notWritten;
    if (unit < 0x800) {
      buffer[at] = 0xc0 | (unit >> 6);
      buffer[at + 1] = 0x80 | (unit & 0x3f);
      return at + 2;
    }
    buffer[at] = 0xe0 | (unit >> 12);
    buffer[at + 1] = 0x80 | ((unit >> 6) & 0x3f);
    buffer[at + 2] = 0x80 | (unit & 0x3f);
    return at + 3;
  }

  #writeEscaped(text: string, at: number): number {
    const json = escapeLine(JSON.stringify(text), { ensureAscii: this.#ensureAscii });
    return at + this.#buffer.write(json, at);
  }

  #writeAscii(text: string, at: number): number {
    if (at + text.length > this.#buffer.length) return notWritten;
    for (let index = 0; index < text.length; index += 1) this.#buffer[at + index] = text.charCodeAt(index);
    return at + text.length;
  }

  /** Room for it is left by {@link #writeString}. */
  #writeUnit(unit: number, at: number): number {
    this.#buffer[at] = unit;
    return at + 1;
  }
}
