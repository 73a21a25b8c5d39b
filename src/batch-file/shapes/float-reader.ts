import { closeBracket, comma } from "../json-bytes.js";
import { areDigits, countDigits, readDigits, readFourDigits } from "./four-digits.js";
import { readNumber, skipNumber } from "./number-text.js";

const tab = 0x09;
const carriageReturn = 0x0d;
const space = 0x20;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** "0.", as the two bytes of a number. */
const zeroPoint = 0x2e30;
/** Bytes that are looked at of a usual number: a space, a sign, "0.", and twelve behind it. */
const longestUsual = 17;

/** A whole number of so many digits is exact, and so is each of these powers of ten. */
const maxDigits = 15;
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Reads lists of JSON numbers straight into 32-bit floats: the very floats that `Math.fround` makes of what `JSON.parse` reads.
 *
 * - A number of up to 15 digits is a whole number divided by a power of ten, and a double holds both exactly. So the one division rounds
 *   to the double that is nearest to the number, which is what `JSON.parse` gives.
 * - Of a longer one the first 15 digits are taken. The number lies between what they are and what they are with one added to the last;
 *   rounding turns no order around, so the doubles and the floats lie so too. Where the floats of both are the same, it is that one.
 * - All else is left to `Number`: exponents, more than 22 places, and what is no JSON.
 */
export class FloatReader {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** How long the last list was: so long the next one will be. */
  #expected = 1;

  /** Reads the list between two places, brackets included. `undefined` for an empty one, and where one is no number that a float holds. */
  read(bytes: Buffer, start: number, end: number): Float32Array | undefined {
    this.#bytes = bytes;
    this.#at = start + 1;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let floats: Float32Array = new Float32Array(this.#expected);
    let count = 0;
    for (let byte = comma; byte === comma; count += 1) {
      count = this.#readUsual(view, floats, count);
      this.#skipSpace();
      const float = this.#readAny();
      // What is too large for 32 bits would be infinite.
      if (!Number.isFinite(float)) return undefined;
      if (count === floats.length) floats = lengthen(floats);
      floats[count] = float;
      byte = this.#skipSpace();
      this.#at += 1;
      if (byte !== comma && byte !== closeBracket) return undefined;
    }
    if (this.#at !== end) return undefined;
    this.#expected = count;
    return count === floats.length ? floats : floats.slice(0, count);
  }

  /**
   * Reads numbers as nearly all are written, `0.` and 8 to 11 digits and a comma, up to the first that is none; gives how many there are
   * then. Nothing but locals, four digits at once, and no branch that a processor would guess wrong half of the time: that is more than
   * twice as fast as {@link #readAny}.
   */
  #readUsual(view: DataView, floats: Float32Array, from: number): number {
    const last = view.byteLength - longestUsual;
    let count = from;
    let at = this.#at;
    for (; at <= last && count < floats.length; count += 1) {
      const start = view.getUint8(at) === space ? at + 1 : at;
      const isNegative = ((view.getUint8(start) ^ minus) - 1) >>> 31;
      const number = start + isNegative;
      const first = view.getInt32(number + 2, true);
      const second = view.getInt32(number + 6, true);
      const third = view.getInt32(number + 10, true);
      const digits = countDigits(third);
      const end = number + 10 + digits;
      const isUsual = view.getInt16(number, true) === zeroPoint && areDigits(first, second) && digits < 4;
      if (!isUsual || view.getUint8(end) !== comma) break;
      const eight = readFourDigits(first) * 10_000 + readFourDigits(second);
      const whole = eight * (powers[digits] ?? 0) + readDigits(third, digits);
      floats[count] = whole / ((powers[8 + digits] ?? 0) * (1 - 2 * isNegative));
      at = end + 1;
    }
    this.#at = at;
    return count;
  }

  #readAny(): number {
    const bytes = this.#bytes;
    const isNegative = bytes[this.#at] === minus;
    const start = isNegative ? this.#at + 1 : this.#at;
    let at = start;
    let whole = 0;
    let digits = 0;
    let dropped = 0;
    let pointAt = 0;
    for (; ; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte >= zero && byte <= nine) {
        if (digits === maxDigits) dropped += 1;
        else {
          whole = whole * 10 + byte - zero;
          // Zeros at the beginning are none of the digits of a number.
          if (whole !== 0) digits += 1;
        }
      } else if (byte === point && pointAt === 0) pointAt = at;
      else break;
    }
    const places = pointAt === 0 ? 0 : at - pointAt - 1;
    const power = powers[places - dropped];
    if (power === undefined || !this.#isPlain(start, at, pointAt)) return this.#readOther();
    const float = Math.fround(whole / power);
    if (dropped > 0 && float !== Math.fround((whole + 1) / power)) return this.#readOther();
    this.#at = at;
    return isNegative ? -float : float;
  }

  /** Whether a number is written as JSON has it, without an exponent, of which all digits were read that stand before the point. */
  #isPlain(start: number, end: number, pointAt: number): boolean {
    const wholeEnd = pointAt === 0 ? end : pointAt;
    const isWhole = wholeEnd === start + 1 || (wholeEnd > start && this.#bytes[start] !== zero);
    const hasPlaces = pointAt === 0 || end > pointAt + 1;
    return isWhole && hasPlaces && wholeEnd - start <= maxDigits && !isExponent(this.#bytes[end]);
  }

  #readOther(): number {
    const text = this.#bytes.toString("latin1", this.#at, this.#at + maxNumberBytes);
    const end = skipNumber(text, 0);
    this.#at += end;
    return Math.fround(readNumber(text, 0, end) ?? Number.NaN);
  }

  /** Gives what comes after white space. */
  #skipSpace(): number {
    let byte = this.#bytes[this.#at] ?? 0;
    while (byte === space || byte === tab || byte === carriageReturn) {
      this.#at += 1;
      byte = this.#bytes[this.#at] ?? 0;
    }
    return byte;
  }
}

/** A longer number is not read: then its list is not. */
const maxNumberBytes = 1024;

function isExponent(byte: number | undefined): boolean {
  return byte === 0x65 || byte === 0x45;
}

function lengthen(floats: Float32Array): Float32Array {
  const longer = new Float32Array(floats.length * 2);
  longer.set(floats);
  return longer;
}
