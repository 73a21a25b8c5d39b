import { leastAtOnce, type MemoryUser, TextMemory } from "./text-memory.js";
import type { ShapedValue } from "./value-shape.js";

/** A UTF-16 unit becomes at most this many bytes: those of its `\uXXXX`. */
export const maxBytesPerUnit = 6;

/** A file of few lines is written without WebAssembly: to start it takes as long as a thousand short texts. */
const usesBeforeStart = 16;

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
 *
 * Nobody holds its {@link buffer}, but asks for it again each time: writers share a few memories (`text-memory.ts`), so that a call of
 * any of them may bring the buffer of another to another place. What is written into the old one is lost, or spoils that one's lines.
 */
export class JsonTextWriter implements MemoryUser {
  readonly length: number;
  readonly #countUsed: () => number;
  /** Where the buffer is while another writer has that in the memory. */
  readonly #own: Buffer;
  #buffer: Buffer;
  #memory: TextMemory | undefined;
  #uses = 0;
  readonly #usesScanner: boolean;
  #ensureAscii = false;

  /**
   * @param options.countUsed how many bytes of the buffer count.
   * @param options.usesScanner is for tests.
   */
  constructor(
    length: number,
    {
      countUsed = () => length,
      usesScanner = true,
    }: {
      readonly countUsed?: () => number;
      readonly usesScanner?: boolean;
    } = {},
  ) {
    this.length = length;
    this.#countUsed = countUsed;
    this.#own = Buffer.allocUnsafe(length);
    this.#buffer = this.#own;
    this.#usesScanner = usesScanner;
  }

  /**
   * Where it is now, up to the next call of any writer: then what counts may be in another one. Whoever writes a text into it leaves room
   * for {@link maxBytesPerUnit} of each unit.
   */
  get buffer(): Buffer {
    return this.#buffer;
  }

  get used(): number {
    return this.#countUsed();
  }

  /** Returns where the text ends. */
  write(text: string, at: number, ensureAscii: boolean): number {
    this.#ensureAscii = ensureAscii;
    const memory = text.length < leastAtOnce ? undefined : this.#useMemory(at);
    return memory === undefined ? this.#writeOneByOne(text, at) : memory.write(text, at, ensureAscii);
  }

  /** Writes a line of a known shape. Returns where it ends, or -1 where there may be no room; nothing where it is to be written bit by bit. */
  writeLine(line: ShapedValue, at: number, ensureAscii: boolean): number | undefined {
    return this.#useMemory(at)?.writeLine(line, at, ensureAscii);
  }

  leave(): void {
    this.#own.set(this.#buffer.subarray(0, this.used));
    this.#buffer = this.#own;
    this.#memory = undefined;
  }

  /** Nothing of the buffer is needed any more. */
  close(): void {
    this.#memory?.takeBack();
    this.#memory = undefined;
    this.#buffer = this.#own;
  }

  /** Gives a memory with the buffer in it, up to where something is to be written. */
  #useMemory(at: number): TextMemory | undefined {
    return this.#memory ?? this.#askForMemory(at);
  }

  #askForMemory(at: number): TextMemory | undefined {
    this.#uses += 1;
    if (!this.#usesScanner || this.#uses < usesBeforeStart) return undefined;
    this.#memory = TextMemory.lendTo(this);
    if (this.#memory === undefined) return undefined;
    this.#buffer = this.#memory.bufferOf(this);
    this.#buffer.set(this.#own.subarray(0, at));
    return this.#memory;
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
