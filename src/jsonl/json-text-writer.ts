import { startTextScanner, type TextScanner } from "./text-scanner.js";
import type { ShapedValue } from "./value-shape.js";

/** A UTF-16 unit becomes at most this many bytes: those of its `\uXXXX`. */
export const maxBytesPerUnit = 6;

/** To lay out a shorter text would take longer than to write it. */
const leastAtOnce = 32;

/** Of a line of more texts each is written by itself. */
const maxTexts = 255;
const lengthsBytes = (maxTexts + 1) * 2 * Uint32Array.BYTES_PER_ELEMENT;
/** More than what is looked at is read and written: up to 16 units or bytes behind it. */
const slack = 64;
const bytesPerUnit = 2;

/** A file of few lines is written without. */
const usesBeforeStart = 16;

const noRoom = -1;

const quote = 0x22;
const backslash = 0x5c;
const letterU = 0x75;

/** Which units stand for themselves in a JSON string: ASCII but for controls, `"` and `\`. */
const standsForItself = Uint8Array.from({ length: 128 }, (_, unit) =>
  unit >= 0x20 && unit !== quote && unit !== backslash ? 1 : 0,
);

/** The second unit of the escapes of two units, by the unit that they stand for. */
const shortEscapes = new Uint8Array(128);
for (const [unit, letter] of ['""', "\\\\", "\bb", "\ff", "\nn", "\rr", "\tt"])
  shortEscapes[String(unit).charCodeAt(0)] = String(letter).charCodeAt(0);

const hexDigits = Buffer.from("0123456789abcdef");

const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
const isHighHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowHalf = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
const isLineEnd = (unit: number): boolean => unit === 0x85 || unit === 0x2028 || unit === 0x2029;

/**
 * Writes what stands between the quotes of a string, with the bytes of `escapeLine(JSON.stringify(text))`, and lines of which only the texts
 * are new. A longer text is laid out in units by one call of the engine, in the memory of WebAssembly, which writes them 16 at a time into
 * the buffer, for that stands there too. That takes half the time of JavaScript, or less; and it is fast from the first line on, while
 * the engine would be at work on loops in JavaScript for a good part of a file of 200,000 lines.
 */
export class JsonTextWriter {
  #buffer: Buffer;
  /** None at first: to start one takes as long as a thousand short texts, and some of the address space. */
  #scanner: TextScanner | undefined;
  #isStarted: boolean;
  #used = 0;
  /** All of the scanner's memory: lengths, stretches, units, the buffer. */
  #memory = Buffer.alloc(0);
  #lengths: Uint32Array = new Uint32Array();
  #units: Uint16Array = new Uint16Array();
  readonly #unitsAt: number;
  readonly #bufferAt: number;
  /** The stretches that are in the memory. */
  #stretches: readonly Buffer[] | undefined;
  #ensureAscii = false;

  /** @param usesScanner is for tests. */
  constructor(length: number, { usesScanner = true }: { readonly usesScanner?: boolean } = {}) {
    this.#buffer = Buffer.allocUnsafe(length);
    this.#isStarted = !usesScanner;
    this.#unitsAt = bytesPerUnit * Math.ceil((lengthsBytes + length + slack) / bytesPerUnit);
    this.#bufferAt = this.#unitsAt + length * bytesPerUnit + slack;
  }

  /** It becomes another one, which holds the same. Whoever writes into it leaves room for {@link maxBytesPerUnit} of each unit. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  /** Returns where the text ends. */
  write(text: string, at: number, ensureAscii: boolean): number {
    this.#ensureAscii = ensureAscii;
    const scanner = text.length < leastAtOnce ? undefined : this.#useScanner();
    if (scanner === undefined) return this.#writeOneByOne(text, at);
    const start = this.#unitsAt;
    const end = start + this.#memory.write(text, start, "utf16le");
    return scanner.writeText(start, end, this.#bufferAt + at, ensureAscii) - this.#bufferAt;
  }

  /** Writes a line of a known shape. Returns where it ends, or -1 where there may be no room; nothing where it is to be written bit by bit. */
  writeLine({ stretches, texts }: ShapedValue, at: number, ensureAscii: boolean): number | undefined {
    const scanner = this.#useScanner();
    if (scanner === undefined || texts.length > maxTexts) return undefined;
    if (stretches !== this.#stretches && !this.#hold(stretches)) return noRoom;
    const [units, buffer] = [this.#unitsAt, this.#bufferAt];
    let end = units;
    for (let number = 0; number < texts.length; number += 1) {
      const text = texts[number] ?? "";
      if (end + text.length * bytesPerUnit + slack > buffer) return noRoom;
      this.#lengths[2 * number + 1] = text.length;
      end = this.#layOut(text, end);
    }
    const limit = buffer + this.#buffer.length;
    const { length } = texts;
    const lineEnd = scanner.writeLine(0, length, lengthsBytes, units, buffer + at, limit, ensureAscii);
    return lineEnd === 0 ? noRoom : lineEnd - buffer;
  }

  #useScanner(): TextScanner | undefined {
    if (!this.#isStarted) this.#startAfterSome();
    return this.#scanner;
  }

  #startAfterSome(): void {
    this.#used += 1;
    if (this.#used < usesBeforeStart) return;
    this.#isStarted = true;
    this.#scanner = startTextScanner(this.#bufferAt + this.#buffer.length + slack);
    if (this.#scanner === undefined) return;
    this.#memory = Buffer.from(this.#scanner.memory.buffer);
    this.#lengths = new Uint32Array(this.#memory.buffer, 0, (maxTexts + 1) * 2);
    this.#units = new Uint16Array(this.#memory.buffer);
    const buffer = this.#memory.subarray(this.#bufferAt, this.#bufferAt + this.#buffer.length);
    buffer.set(this.#buffer);
    this.#buffer = buffer;
  }

  /** Puts the units of a text into the memory. Returns where they end. */
  #layOut(text: string, at: number): number {
    if (text.length >= leastAtOnce) return at + this.#memory.write(text, at, "utf16le");
    const first = at / bytesPerUnit;
    for (let index = 0; index < text.length; index += 1) this.#units[first + index] = text.charCodeAt(index);
    return at + text.length * bytesPerUnit;
  }

  /** Puts what the lines of a shape have in common into the memory. False where it is more than there is room for. */
  #hold(stretches: readonly Buffer[]): boolean {
    let end = lengthsBytes;
    this.#stretches = undefined;
    for (const [number, stretch] of stretches.entries()) {
      if (end + stretch.length + slack > this.#unitsAt) return false;
      this.#memory.set(stretch, end);
      this.#lengths[2 * number] = stretch.length;
      end += stretch.length;
    }
    this.#stretches = stretches;
    return true;
  }

  #writeOneByOne(text: string, at: number): number {
    const buffer = this.#buffer;
    let end = at;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < 128 && standsForItself[unit] === 1) {
        buffer[end] = unit;
        end += 1;
      } else if (isHighHalf(unit) && isLowHalf(text.charCodeAt(index + 1))) {
        index += 1;
        end = this.#writePair(unit, text.charCodeAt(index), end);
      } else {
        end = this.#writeUnusual(unit, end);
      }
    }
    return end;
  }

  /** A unit that needs an escape, or is beyond ASCII and no half of a character; or half of one whose other half is not there. */
  #writeUnusual(unit: number, at: number): number {
    const buffer = this.#buffer;
    if (unit < 128) {
      const letter = shortEscapes[unit] ?? 0;
      if (letter === 0) return this.#writeEscape(unit, at);
      buffer[at] = backslash;
      buffer[at + 1] = letter;
      return at + 2;
    }
    if (this.#ensureAscii || isLineEnd(unit) || isHalf(unit)) return this.#writeEscape(unit, at);
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

  /** A character that takes two units. */
  #writePair(high: number, low: number, at: number): number {
    if (this.#ensureAscii) return this.#writeEscape(low, this.#writeEscape(high, at));
    const buffer = this.#buffer;
    const code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    buffer[at] = 0xf0 | (code >> 18);
    buffer[at + 1] = 0x80 | ((code >> 12) & 0x3f);
    buffer[at + 2] = 0x80 | ((code >> 6) & 0x3f);
    buffer[at + 3] = 0x80 | (code & 0x3f);
    return at + 4;
  }

  #writeEscape(unit: number, at: number): number {
    const buffer = this.#buffer;
    buffer[at] = backslash;
    buffer[at + 1] = letterU;
    for (let digit = 0; digit < 4; digit += 1)
      buffer[at + 2 + digit] = hexDigits[(unit >> (12 - 4 * digit)) & 0xf] ?? 0;
    return at + 6;
  }
}
