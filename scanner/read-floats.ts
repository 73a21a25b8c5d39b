// Reads lists of JSON numbers straight into 32-bit floats: the very floats that `Math.fround` makes of what `JSON.parse` reads.
//
// - A number below 2^53, written with up to 19 digits, is a whole number divided by a power of ten, and a double holds both exactly. So the
//   one division rounds to the double that is nearest to the number, which is what `JSON.parse` gives.
// - Of a longer one the last four digits are dropped. The number lies between what is left and what is left with one added to its last
//   digit; rounding turns no order around, so the doubles and the floats lie so too. Where the floats of both are the same, it is that one.
// - All else is left to `Number`: exponents, more digits or places.

import { findOthers } from "./digits";

const minus: u8 = 0x2d;
const plus: u8 = 0x2b;
const comma: u8 = 0x2c;
const point: u8 = 0x2e;
const zero: u8 = 0x30;
const closeBracket: u8 = 0x5d;
const letterE: u8 = 0x65;
const space: u8 = 0x20;
/** "0.", as the two bytes of a number. */
const zeroPoint: u16 = 0x2e30;
const tab: u8 = 0x09;
const carriageReturn: u8 = 0x0d;

const notAll: i32 = -1;
const notKnown: f32 = NaN;
const maxDigits: usize = 19;
const maxExact: u64 = 9_007_199_254_740_992;
const dropped: usize = 4;
const droppedPower: u64 = 10_000;
/** Powers of ten that a double holds exactly, and those that make room for up to eight digits. */
const maxPlaces: usize = 22;
const powers = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
  1e20, 1e21, 1e22,
]);
const wholePowers = memory.data<u64>([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
]);

/** What `Number` makes of a text; it is not a number where that is no JSON. */
declare function parseNumber(start: usize, end: usize): f64;

/** Where it is read, and what the digits that were read last make. */
let at: usize = 0;
let whole: u64 = 0;

/** Reads the list between two places, brackets included. Gives how many floats were written; -1 where one is none, or there are too many. */
export function readFloats(start: usize, end: usize, floats: usize, max: i32): i32 {
  at = start + 1;
  for (let count = 0; count < max; count += 1) {
    count = readUsual(floats, count, max - 1);
    skipSpace();
    const float = readFloat();
    // What is too large for 32 bits would be infinite.
    if (!isFinite<f32>(float)) return notAll;
    store<f32>(floats + usize(count) * 4, float);
    skipSpace();
    const byte = load<u8>(at);
    at += 1;
    if (byte === closeBracket) return at === end ? count + 1 : notAll;
    if (byte !== comma) return notAll;
  }
  return notAll;
}

/**
 * Reads numbers as nearly all are written, `0.` and 8 to 15 digits and a comma, up to the first that is none, or to so many; gives how many
 * there are then. Nothing but locals, and no branch that a processor would guess wrong half of the time: twice as fast as the others.
 */
function readUsual(floats: usize, from: i32, max: i32): i32 {
  let count = from;
  let next = at;
  while (count < max) {
    // All have one, or none.
    if (load<u8>(next) === space) next += 1;
    const isNegative = load<u8>(next) === minus;
    const number = next + usize(isNegative);
    const first = load<u64>(number, 2);
    const rest = load<u64>(number, 10);
    const digits = ctz(findOthers(rest)) >> 3;
    const end = number + 10 + usize(digits);
    const isUsual = load<u16>(number) === zeroPoint && findOthers(first) === 0 && digits < 8;
    if (!isUsual || load<u8>(end) !== comma) break;
    const all = joinEight(first) * load<u64>(wholePowers + usize(digits) * 8) + joinDigits(rest, digits);
    // Of a number with a sign, which is converted faster.
    const float = f32(f64(i64(all)) / power(usize(digits) + 8));
    store<f32>(floats + usize(count) * 4, isNegative ? -float : float);
    next = end + 1;
    count += 1;
  }
  at = next;
  return count;
}

function readFloat(): f32 {
  const start = at;
  const isNegative = load<u8>(at) === minus;
  if (isNegative) at += 1;
  const first = at;
  whole = 0;
  readDigits();
  if (at === first || (load<u8>(first) === zero && at > first + 1)) return notKnown;
  let digits = at - first;
  let places: usize = 0;
  if (load<u8>(at) === point) {
    at += 1;
    const firstPlace = at;
    readDigits();
    places = at - firstPlace;
    if (places === 0) return notKnown;
    digits += places;
  }
  const isOther = (load<u8>(at) | 0x20) === letterE || digits > maxDigits || places > maxPlaces;
  const float = isOther ? notKnown : divide(places);
  if (isNaN<f32>(float)) return readOther(start);
  return isNegative ? -float : float;
}

/** What was read of digits, with so many places behind the point; not a number where it takes more to tell. */
function divide(places: usize): f32 {
  if (whole <= maxExact) return f32(f64(whole) / power(places));
  if (places < dropped) return notKnown;
  const left = whole / droppedPower;
  const divisor = power(places - dropped);
  const float = f32(f64(left) / divisor);
  return float === f32(f64(left + 1) / divisor) ? float : notKnown;
}

function power(exponent: usize): f64 {
  return load<f64>(powers + exponent * 8);
}

/** Adds the digits that stand there to the number, eight at a time. */
function readDigits(): void {
  while (true) {
    const eight = load<u64>(at);
    const others = findOthers(eight);
    const count = others === 0 ? 8 : ctz(others) >> 3;
    if (count === 0) return;
    const digits = count === 8 ? joinEight(eight) : joinDigits(eight, count);
    whole = whole * load<u64>(wholePowers + usize(count) * 8) + digits;
    at += usize(count);
    if (count < 8) return;
  }
}

/** The number that so many digits make, from 0 to 7, from the first on. */
function joinDigits(eight: u64, count: u64): u64 {
  // With zeros before them there are always eight. To shift by 64 at once would be not to shift at all.
  return joinEight((eight << (56 - 8 * count)) << 8);
}

/** The number that eight digits make, or nothing in the place of the first ones: they are joined two by two, and again, and again. */
function joinEight(eight: u64): u64 {
  const pairs = (((eight & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8) & 0x00ff00ff00ff00ff;
  const fours = ((pairs * 6_553_601) >> 16) & 0x0000ffff0000ffff;
  return (fours * 42_949_672_960_001) >> 32;
}

function readOther(start: usize): f32 {
  at = start;
  while (isOfNumber(load<u8>(at))) at += 1;
  return f32(parseNumber(start, at));
}

function isOfNumber(byte: u8): bool {
  if (byte >= zero && byte <= zero + 9) return true;
  return byte === minus || byte === plus || byte === point || (byte | 0x20) === letterE;
}

function skipSpace(): void {
  while (isSpace(load<u8>(at))) at += 1;
}

function isSpace(byte: u8): bool {
  return byte === space || byte === tab || byte === carriageReturn;
}
