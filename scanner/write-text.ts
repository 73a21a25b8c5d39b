// Writes texts as JSON has them, 16 units at a time, with the bytes of src/jsonl/escape-line.ts after JSON.stringify. A module of its own,
// so that who writes lines need not start what reads them: `npm run scanner` makes WebAssembly of it, which src/jsonl/text-memory.ts
// calls. Behind what is read and written there is always memory for 16 units and bytes more.
import { letterB, letterF, letterN, letterR, letterT, letterU } from "./escapes";

const quote: u32 = 0x22;
const backslash: u32 = 0x5c;
const space: u32 = 0x20;

/** A unit becomes at most so many bytes, and behind a text stand its quote and a few more. */
const mostBytesOfUnit: usize = 6;
const leastRoom: usize = 4;

/**
 * Writes stretches of bytes that stand one behind the other, and after each but the last a text, of which the units stand one behind the
 * other too. How long they are stands in pairs of numbers: bytes of a stretch, units of the text after it. Gives where the line ends;
 * 0 where there might be no room for it.
 */
export function writeLine(
  lengths: usize,
  texts: u32,
  stretches: usize,
  units: usize,
  to: usize,
  limit: usize,
  ensureAscii: bool,
): usize {
  let stretch = stretches;
  let text = units;
  let pair = lengths;
  let out = to;
  for (let left = texts; left > 0; left -= 1) {
    const bytes: usize = load<u32>(pair);
    const length: usize = load<u32>(pair, 4);
    if (out + bytes + length * mostBytesOfUnit + leastRoom > limit) return 0;
    copy(stretch, out, bytes);
    out = writeText(text, text + 2 * length, out + bytes, ensureAscii);
    stretch += bytes;
    text += 2 * length;
    pair += 8;
  }
  const bytes: usize = load<u32>(pair);
  if (out + bytes + leastRoom > limit) return 0;
  copy(stretch, out, bytes);
  return out + bytes;
}

/** More than what is copied may be written: what is written next goes over it. */
function copy(from: usize, to: usize, length: usize): void {
  for (let index: usize = 0; index < length; index += 16) v128.store(to + index, v128.load(from + index));
}

/** Gives where the text ends that was written of the units between two places. */
export function writeText(start: usize, end: usize, to: usize, ensureAscii: bool): usize {
  let at = start;
  let out = to;
  while (at < end) {
    // A unit beyond Latin 1 becomes a control or the last byte there is, and neither stands for itself.
    const bytes = i8x16.narrow_i16x8_u(v128.load(at), v128.load(at, 16));
    v128.store(out, bytes);
    // As signed numbers, bytes beyond ASCII are less than a space too.
    const controls = i8x16.lt_s(bytes, i8x16.splat(<i8>space));
    const quotes = i8x16.eq(bytes, i8x16.splat(<i8>quote));
    const backslashes = i8x16.eq(bytes, i8x16.splat(<i8>backslash));
    const unusual = i8x16.bitmask(v128.or(v128.or(quotes, backslashes), controls));
    const plain: usize = unusual === 0 ? 16 : ctz(unusual);
    if (at + 2 * plain >= end) return out + ((end - at) >> 1);
    at += 2 * plain;
    out += plain;
    while (at < end && !standsForItself(load<u16>(at))) {
      const unit: u32 = load<u16>(at);
      at += 2;
      if (unit < 0x80) {
        out = writeControl(unit, out);
      } else if (isHighHalf(unit) && at < end && isLowHalf(load<u16>(at))) {
        out = ensureAscii
          ? writeEscape(load<u16>(at), writeEscape(unit, out))
          : writePair(unit, load<u16>(at), out);
        at += 2;
      } else if (ensureAscii || isLineEnd(unit) || (unit & 0xf800) === 0xd800) {
        out = writeEscape(unit, out);
      } else {
        out = writeUnit(unit, out);
      }
    }
  }
  return out;
}

function standsForItself(unit: u32): bool {
  return unit >= space && unit < 0x80 && unit !== quote && unit !== backslash;
}

function isHighHalf(unit: u32): bool {
  return (unit & 0xfc00) === 0xd800;
}

function isLowHalf(unit: u32): bool {
  return (unit & 0xfc00) === 0xdc00;
}

function isLineEnd(unit: u32): bool {
  return unit === 0x85 || unit === 0x2028 || unit === 0x2029;
}

function writeControl(unit: u32, out: usize): usize {
  const letter = toLetter(unit);
  if (letter === 0) return writeEscape(unit, out);
  store<u8>(out, <u8>backslash);
  store<u8>(out, letter, 1);
  return out + 2;
}

/** The second unit of an escape of two; 0 where there is none. */
function toLetter(unit: u32): u8 {
  if (unit === quote || unit === backslash) return u8(unit);
  if (unit === 0x0a) return letterN;
  if (unit === 0x0d) return letterR;
  if (unit === 0x09) return letterT;
  if (unit === 0x08) return letterB;
  return unit === 0x0c ? letterF : 0;
}

function writeEscape(unit: u32, out: usize): usize {
  store<u8>(out, <u8>backslash);
  store<u8>(out, letterU, 1);
  for (let digit: usize = 0; digit < 4; digit += 1) {
    const value = (unit >> (12 - 4 * <u32>digit)) & 0xf;
    store<u8>(out + digit, u8(value + (value < 10 ? 0x30 : 0x57)), 2);
  }
  return out + 6;
}

/** A unit beyond ASCII that is a character. */
function writeUnit(unit: u32, out: usize): usize {
  if (unit < 0x800) {
    store<u8>(out, u8(0xc0 | (unit >> 6)));
    store<u8>(out, u8(0x80 | (unit & 0x3f)), 1);
    return out + 2;
  }
  store<u8>(out, u8(0xe0 | (unit >> 12)));
  store<u8>(out, u8(0x80 | ((unit >> 6) & 0x3f)), 1);
  store<u8>(out, u8(0x80 | (unit & 0x3f)), 2);
  return out + 3;
}

/** A character that takes two units. */
function writePair(high: u32, low: u32, out: usize): usize {
  const code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  store<u8>(out, u8(0xf0 | (code >> 18)));
  store<u8>(out, u8(0x80 | ((code >> 12) & 0x3f)), 1);
  store<u8>(out, u8(0x80 | ((code >> 6) & 0x3f)), 2);
  store<u8>(out, u8(0x80 | (code & 0x3f)), 3);
  return out + 4;
}
