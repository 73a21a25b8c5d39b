import { type JsonTextWriter, maxBytesPerUnit } from "./json-text-writer.js";
import { findKnownText, leastKnownBytes, SeenValues } from "./known-json.js";
import { leastSeenUnits, SeenTexts } from "./seen-texts.js";
import type { ShapedValue } from "./value-shape.js";

/** Values nested deeper than this are left to others. */
const maxDepth = 100;

/** A line and what stands directly in it, such as the body of a request, come once: only what is deeper may come again. */
const newInEachLine = 2;

/** Returned in place of a position: the value is left to others. */
const notWritten = -1;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;

export interface PlainJsonPlace {
  readonly position: number;
  readonly ensureAscii: boolean;
}

/**
 * Writes values into a buffer, with the bytes of `escapeLine(JSON.stringify(value))`, but in one pass that looks at each
 * value once. What is not plain JSON data (a `Date`, `NaN`, an instance of a class) is left to others. Not asked is a `toJSON` that a
 * list has, or a plain object without showing it among its members.
 */
export class PlainJsonWriter {
  readonly #jsonTexts: JsonTextWriter;
  readonly #values = new SeenValues();
  readonly #texts = new SeenTexts();
  #depth = 0;
  #ensureAscii = false;

  constructor(jsonTexts: JsonTextWriter) {
    this.#jsonTexts = jsonTexts;
  }

  /** Returns where the text ends; or -1 for a value that is left to others, or does not fit. */
  write(value: unknown, { position, ensureAscii }: PlainJsonPlace): number {
    this.#depth = 0;
    this.#ensureAscii = ensureAscii;
    return this.#writeValue(value, position);
  }

  /** The same for a value of a known shape. */
  writeShaped(value: ShapedValue, { position, ensureAscii }: PlainJsonPlace): number {
    return (
      this.#jsonTexts.writeLine(value, position, ensureAscii) ??
      this.#writeBits(value, { position, ensureAscii })
    );
  }

  #writeBits({ stretches, texts }: ShapedValue, { position, ensureAscii }: PlainJsonPlace): number {
    this.#ensureAscii = ensureAscii;
    let end = position;
    for (let number = 0; number < stretches.length && end !== notWritten; number += 1) {
      const stretch = stretches[number];
      const text = texts[number];
      if (stretch !== undefined) end = this.#copy(stretch, end);
      if (text !== undefined && end !== notWritten) end = this.#writeInside(text, end);
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
      this.#values.see(value, this.#jsonTexts.buffer.subarray(at, end));
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
      // biome-ignore lint/suspicious/noPrototypeBuiltins: in a for-in loop the engine knows what comes of it, but not of a constant or Object.hasOwn.
      if (member === undefined || !Object.prototype.hasOwnProperty.call(members, name)) continue;
      if (end !== first) end = this.#writeUnit(comma, end);
      end = this.#writeString(name, end);
      if (end === notWritten) return end;
      end = this.#writeValue(member, this.#writeUnit(colon, end));
      if (end === notWritten) return end;
    }
    return this.#writeAscii("}", end);
  }

  #copy(bytes: Buffer, at: number): number {
    if (at + bytes.length + 4 > this.#jsonTexts.buffer.length) return notWritten;
    this.#jsonTexts.buffer.set(bytes, at);
    return at + bytes.length;
  }

  #writeString(text: string, at: number): number {
    if (at + 1 > this.#jsonTexts.buffer.length) return notWritten;
    const end = this.#writeInside(text, this.#writeUnit(quote, at));
    return end === notWritten ? end : this.#writeUnit(quote, end);
  }

  /** Writes what stands between the quotes, and leaves room for what stands behind it. */
  #writeInside(text: string, at: number): number {
    if (at + text.length * maxBytesPerUnit + 4 > this.#jsonTexts.buffer.length) return notWritten;
    if (text.length < leastSeenUnits) return this.#jsonTexts.write(text, at, this.#ensureAscii);
    const seen = this.#texts.see(text, this.#ensureAscii);
    if (seen.json !== undefined) return this.#copy(seen.json, at);
    const end = this.#jsonTexts.write(text, at, this.#ensureAscii);
    if (seen.isRepeated) seen.json = Buffer.from(this.#jsonTexts.buffer.subarray(at, end));
    return end;
  }

  #writeAscii(text: string, at: number): number {
    if (at + text.length > this.#jsonTexts.buffer.length) return notWritten;
    for (let index = 0; index < text.length; index += 1)
      this.#jsonTexts.buffer[at + index] = text.charCodeAt(index);
    return at + text.length;
  }

  /** Room for it is left by {@link #writeInside}. */
  #writeUnit(unit: number, at: number): number {
    this.#jsonTexts.buffer[at] = unit;
    return at + 1;
  }
}
