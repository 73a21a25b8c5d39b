/** A UTF-16 unit becomes at most this many bytes: those of its `\uXXXX`. */
export const maxBytesPerUnit = 6;

/** To lay out a shorter text would take longer than to write it. */
const leastAtOnce = 64;

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

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
const isHighHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowHalf = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
const isLineEnd = (unit: number): boolean => unit === 0x85 || unit === 0x2028 || unit === 0x2029;

/**
 * Writes what stands between the quotes of a string, with the bytes of `escapeLine(JSON.stringify(text))`. A longer text is laid out
 * as numbers of 32 bits in one call of the engine: its units, or its bytes where the text before was ASCII, and this one is too. Then
 * four units or eight bytes are looked at in one step, and written in one where each stands for itself. That takes half the time of one
 * after the other, or a quarter; and a tenth where the text was put together of others, as prompts mostly are: then the engine looks for
 * the right part anew for each unit that it is asked for.
 */
export class JsonTextWriter {
  readonly #buffer: Buffer;
  readonly #view: DataView;
  /** A longer text, as pairs of units, as units and as bytes. */
  readonly #pairs: Int32Array;
  readonly #units: Uint16Array;
  readonly #layout: Buffer;
  #ensureAscii = false;
  /** Whether the longer text that was written last was ASCII: others take long to be laid out as bytes. */
  #wasAscii = true;
  /** The unit that is next of the text that is laid out. */
  #next = 0;

  /** @param buffer whoever writes into it leaves room for {@link maxBytesPerUnit} of each unit. */
  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.#pairs = new Int32Array(Math.ceil(buffer.length / maxBytesPerUnit / 2) + 2);
    this.#units = new Uint16Array(this.#pairs.buffer);
    this.#layout = Buffer.from(this.#pairs.buffer);
  }

  /** Returns where the text ends. */
  write(text: string, at: number, ensureAscii: boolean): number {
    this.#ensureAscii = ensureAscii;
    if (text.length < leastAtOnce || !isLittleEndian) return this.#writeOneByOne(text, at);
    this.#wasAscii &&= this.#layout.write(text) === text.length;
    return this.#wasAscii ? this.#writeAscii(text.length, at) : this.#writeByFours(text, at);
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

  /** Writes a text of which the bytes are laid out. */
  #writeAscii(length: number, at: number): number {
    const fours = this.#pairs;
    const view = this.#view;
    let end = at;
    let index = 0;
    while (index < length) {
      const low = fours[index >> 2] ?? 0;
      const high = fours[(index >> 2) + 1] ?? 0;
      if (index + 8 <= length && standForThemselves(low, high)) {
        view.setInt32(end, low, true);
        view.setInt32(end + 4, high, true);
        index += 8;
        end += 8;
      } else {
        end = this.#writeBytes(index, length, end);
        index = this.#next;
      }
    }
    return end;
  }

  /** Writes bytes up to where eight may be written again. */
  #writeBytes(from: number, length: number, at: number): number {
    const buffer = this.#buffer;
    const layout = this.#layout;
    let end = at;
    let index = from;
    do {
      const byte = layout[index] ?? 0;
      index += 1;
      if (standsForItself[byte] === 1) {
        buffer[end] = byte;
        end += 1;
      } else {
        end = this.#writeUnusual(byte, end);
      }
    } while (index < length && (index & 7) !== 0);
    this.#next = index;
    return end;
  }

  #writeByFours(text: string, at: number): number {
    const { length } = text;
    const pairs = this.#pairs;
    const view = this.#view;
    this.#layout.write(text, "utf16le");
    this.#wasAscii = true;
    let end = at;
    let index = 0;
    while (index < length) {
      const first = pairs[index >> 1] ?? 0;
      const second = pairs[(index >> 1) + 1] ?? 0;
      const beyondAscii = (first | second) & 0xff80ff80;
      const bytes = toBytes(first, second);
      if (beyondAscii === 0 && index + 4 <= length && standForThemselves(bytes, bytes)) {
        view.setInt32(end, bytes, true);
        index += 4;
        end += 4;
      } else {
        if (beyondAscii !== 0) this.#wasAscii = false;
        end = this.#writeUnits(index, length, end);
        index = this.#next;
      }
    }
    return end;
  }

  /** Writes units up to where four may be written again. */
  #writeUnits(from: number, length: number, at: number): number {
    const buffer = this.#buffer;
    const units = this.#units;
    let end = at;
    let index = from;
    do {
      const unit = units[index] ?? 0;
      const next = units[index + 1] ?? 0;
      index += 1;
      if (unit < 128 && standsForItself[unit] === 1) {
        buffer[end] = unit;
        end += 1;
      } else if (index < length && isHighHalf(unit) && isLowHalf(next)) {
        index += 1;
        end = this.#writePair(unit, next, end);
      } else {
        end = this.#writeUnusual(unit, end);
      }
    } while (index < length && (index & 3) !== 0);
    this.#next = index;
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

/** The bytes of four units of ASCII. */
function toBytes(first: number, second: number): number {
  const low = (first | (first >>> 8)) & 0xffff;
  return low | (second << 16) | ((second << 8) & 0xff000000);
}

/** Whether none of twice four bytes of ASCII is a quote, a backslash or a control: no high bit is set then. */
function standForThemselves(low: number, high: number): boolean {
  const found =
    ((low ^ 0x22222222) - 0x01010101) |
    ((low ^ 0x5c5c5c5c) - 0x01010101) |
    (low - 0x20202020) |
    ((high ^ 0x22222222) - 0x01010101) |
    ((high ^ 0x5c5c5c5c) - 0x01010101) |
    (high - 0x20202020);
  return (found & 0x80808080) === 0;
}
