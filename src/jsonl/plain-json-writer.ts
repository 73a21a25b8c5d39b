import { escapeLine } from "./escape-line.js";

/** A UTF-16 unit becomes at most this many bytes: those of its `\uXXXX`. */
export const maxBytesPerUnit = 6;

/** Values nested deeper than this are left to others. */
const maxDepth = 100;

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
    if (this.#depth === maxDepth) return notWritten;
    this.#depth += 1;
    const prototype: unknown = Object.getPrototypeOf(value);
    let end = notWritten;
    if (prototype === Array.prototype) end = this.#writeArray(value as readonly unknown[], at);
    else if (prototype === Object.prototype || prototype === null)
      end = this.#writeObject(value as Readonly<Record<string, unknown>>, at);
    this.#depth -= 1;
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

  #writeString(text: string, at: number): number {
    if (at + text.length * maxBytesPerUnit + 4 > this.#buffer.length) return notWritten;
    const buffer = this.#buffer;
    buffer[at] = quote;
    let end = at + 1;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 127 || standsForItself[unit] !== 1) return this.#writeEscaped(text, at);
      buffer[end] = unit;
      end += 1;
    }
    buffer[end] = quote;
    return end + 1;
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
