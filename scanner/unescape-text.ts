// Writes what stands between the quotes of a sound JSON string as what it says, in UTF-8.
import { letterB, letterF, letterN, letterR, letterT, letterU } from "./escapes";

const backslash: u8 = 0x5c;

/** Gives where what was written ends. */
export function unescapeText(start: usize, end: usize, to: usize): usize {
  let at = start;
  let out = to;
  while (at < end) {
    const bytes = v128.load(at);
    // More than is taken may be written: the next goes over it.
    v128.store(out, bytes);
    const escapes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(backslash)));
    const plain = escapes === 0 ? 16 : ctz(escapes);
    if (at + plain >= end) return out + (end - at);
    at += plain;
    out += plain;
    if (escapes === 0) continue;
    if (load<u8>(at, 1) !== letterU) {
      store<u8>(out, toCharacter(load<u8>(at, 1)));
      at += 2;
      out += 1;
    } else {
      const unit = readUnit(at);
      const isHighHalf = unit >= 0xd800 && unit <= 0xdbff;
      const point = isHighHalf ? 0x10000 + ((unit - 0xd800) << 10) + (readUnit(at + 6) - 0xdc00) : unit;
      at += isHighHalf ? 12 : 6;
      out = writePoint(point, out);
    }
  }
  return out;
}

function toCharacter(letter: u8): u8 {
  if (letter === letterN) return 0x0a;
  if (letter === letterT) return 0x09;
  if (letter === letterR) return 0x0d;
  if (letter === letterB) return 0x08;
  return letter === letterF ? 0x0c : letter;
}

function readUnit(at: usize): u32 {
  let unit: u32 = 0;
  for (let index: usize = 2; index < 6; index += 1) {
    const byte = u32(load<u8>(at + index));
    unit = (unit << 4) | ((byte & 0xf) + (byte >= 0x41 ? 9 : 0));
  }
  return unit;
}

/** Gives where the character ends. */
function writePoint(point: u32, out: usize): usize {
  if (point < 0x80) {
    store<u8>(out, u8(point));
    return out + 1;
  }
  if (point < 0x800) {
    store<u8>(out, u8(0xc0 | (point >> 6)));
    return writeRest(point, 1, out + 1);
  }
  if (point < 0x10000) {
    store<u8>(out, u8(0xe0 | (point >> 12)));
    return writeRest(point, 2, out + 1);
  }
  store<u8>(out, u8(0xf0 | (point >> 18)));
  return writeRest(point, 3, out + 1);
}

/** Writes the bytes behind the first, six bits in each. */
function writeRest(point: u32, count: u32, start: usize): usize {
  let out = start;
  for (let left = count; left > 0; left -= 1) {
    store<u8>(out, u8(0x80 | ((point >> (6 * (left - 1))) & 0x3f)));
    out += 1;
  }
  return out;
}
