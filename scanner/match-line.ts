// Compares lines with shapes, 16 bytes at a time. AssemblyScript: `npm run scanner` makes WebAssembly of it, which
// src/batch-file/shapes/shape-scanner.ts calls. Places are addresses in its memory; behind what is looked at there is always memory
// to read 16 bytes more.

import { findOthers } from "./digits";

/** What may stand in a hole; of anything else, a text. */
const noHole: u32 = 0;
const word: u32 = 2;
const number: u32 = 3;
const list: u32 = 4;
const kinds: u32 = 0xff;
/** Added to a kind: nothing at all in the hole is not enough. */
const isFilled: u32 = 0x100;

/** What was met in a text. */
const beyondAscii: u32 = 1;
const escaped: u32 = 2;
/** Added to what was met in the line as a whole. */
const matched: u32 = 4;

const notFound: usize = 0;

const quote: u8 = 0x22;
const plus: u8 = 0x2b;
const minus: u8 = 0x2d;
const point: u8 = 0x2e;
const slash: u8 = 0x2f;
const zero: u8 = 0x30;
const openBracket: u8 = 0x5b;
const backslash: u8 = 0x5c;
const closeBracket: u8 = 0x5d;
const space: u8 = 0x20;
const lineFeed: u8 = 0x0a;
const letterB: u8 = 0x62;
const letterE: u8 = 0x65;
const letterF: u8 = 0x66;
const letterN: u8 = 0x6e;
const letterR: u8 = 0x72;
const letterT: u8 = 0x74;
const letterU: u8 = 0x75;

/** Of the text that was gone through last. */
let traits: u32 = 0;

/** Of the line that was gone through last. */
let found: u32 = 0;

/**
 * Whether the line between two places has a shape: a list of pieces, each as where it is from the list on, its length, and the kind of
 * the hole behind it. Writes where each hole begins and ends, and what was met in it: three numbers a hole. Gives 0 for a line that has
 * not the shape, and else what was met in all its texts.
 */
export function matchLine(shape: usize, start: usize, end: usize, holes: usize): u32 {
  return skipLine(shape, start, end, holes) === end ? found : 0;
}

/**
 * Goes through lines one behind the other, each with its line feed, as long as they have a shape. Writes of each where it ends, where its
 * id begins and ends, and the hash of that: four numbers a line. Gives how many there are; what was met in all of them is asked for with
 * {@link metInLines}.
 */
export function matchLines(
  shape: usize,
  start: usize,
  end: usize,
  holes: usize,
  idHole: usize,
  lines: usize,
  max: u32,
): u32 {
  const id = holes + idHole * 12;
  let at = start;
  let line = lines;
  met = 0;
  for (let count: u32 = 0; count < max; count += 1) {
    const close = at < end ? skipLine(shape, at, end, holes) : notFound;
    if (close === notFound || close >= end || load<u8>(close) !== lineFeed) return count;
    met |= found;
    store<u32>(line, u32(close));
    store<u32>(line, load<u32>(id), 4);
    store<u32>(line, load<u32>(id, 4), 8);
    store<u32>(line, hashBytes(load<u32>(id), load<u32>(id, 4)), 12);
    line += 16;
    at = close + 1;
  }
  return max;
}

let met: u32 = 0;

export function metInLines(): u32 {
  return met;
}

/** Gives where what has a shape ends; notFound for what has not. */
function skipLine(shape: usize, start: usize, end: usize, holes: usize): usize {
  let at = start;
  let piece = shape;
  let hole = holes;
  found = matched;
  while (isEqual(at, shape + load<u32>(piece), load<u32>(piece, 4), end)) {
    at += load<u32>(piece, 4);
    const kind = load<u32>(piece, 8);
    if (kind === noHole) return at;
    traits = 0;
    const close = skipHole(kind & kinds, at, end);
    if (close === notFound || close > end || (close === at && (kind & isFilled) !== 0)) return notFound;
    store<u32>(hole, u32(at));
    store<u32>(hole, u32(close), 4);
    store<u32>(hole, traits, 8);
    found |= traits;
    at = close;
    piece += 12;
    hole += 12;
  }
  return notFound;
}

function skipHole(kind: u32, at: usize, end: usize): usize {
  if (kind === number) return skipNumber(at);
  if (kind === list) return skipList(at, end);
  const close = skipText(at, end);
  return kind === word && traits !== 0 ? notFound : close;
}

/** Whether it goes on with a piece. 16 bytes at a time, of which the last may have been looked at already. */
function isEqual(at: usize, piece: usize, length: usize, end: usize): bool {
  if (at + length > end) return false;
  if (length < 16) return isEqualShort(at, piece, length);
  const last = length - 16;
  for (let index: usize = 0; index < last; index += 16) {
    if (v128.any_true(v128.xor(v128.load(at + index), v128.load(piece + index)))) return false;
  }
  return !v128.any_true(v128.xor(v128.load(at + last), v128.load(piece + last)));
}

function isEqualShort(one: usize, other: usize, length: usize): bool {
  let index: usize = 0;
  for (; index + 4 <= length; index += 4) {
    if (load<u32>(one + index) !== load<u32>(other + index)) return false;
  }
  for (; index < length; index += 1) {
    if (load<u8>(one + index) !== load<u8>(other + index)) return false;
  }
  return true;
}

/**
 * Goes through what stands between the quotes of a JSON string. Gives where its closing quote is; notFound for what is no sound text: a
 * control character, an escape that JSON does not know, half a character, or no end. Whether the bytes are UTF-8 is left to others.
 */
function skipText(start: usize, end: usize): usize {
  let at = start;
  while (at < end) {
    const bytes = v128.load(at);
    const backslashes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(backslash)));
    const quotes = i8x16.eq(bytes, i8x16.splat(quote));
    const controls = i8x16.lt_u(bytes, i8x16.splat(space));
    let ends = i8x16.bitmask(v128.or(quotes, controls));
    let taken: usize = 16;
    if (backslashes !== 0) {
      taken = skipEscapes(at, backslashes, ends);
      if (taken === notFound) return notFound;
      ends = lastEnds;
    }
    const plain = ends === 0 ? 16 : ctz(ends);
    // The highest bit of each byte before the end.
    if ((i8x16.bitmask(bytes) & ((1 << plain) - 1)) !== 0) traits |= beyondAscii;
    if (ends === 0) at += taken;
    else return load<u8>(at + plain) === quote && at + plain < end ? at + plain : notFound;
  }
  return notFound;
}

/** What may end a text in 16 bytes, and is no part of an escape. */
let lastEnds: i32 = 0;

/**
 * Goes through the escapes in 16 bytes, up to the first that is an end or a unit of UTF-16. Gives how many bytes are gone through, one
 * more where an escape begins with the last; notFound where an escape is none that JSON knows.
 */
function skipEscapes(at: usize, backslashes: i32, ends: i32): usize {
  let left = backslashes;
  lastEnds = ends;
  while (left !== 0) {
    const place = ctz(left);
    if ((lastEnds & ((1 << place) - 1)) !== 0) return 16;
    traits |= escaped;
    const letter = load<u8>(at + place, 1);
    if (letter === letterU) {
      lastEnds = 0;
      const close = skipUnit(at + place);
      return close === notFound ? notFound : close - at;
    }
    if (!isEscape(letter)) return notFound;
    if (place === 15) return 17;
    left &= ~(3 << place);
    lastEnds &= ~(3 << place);
  }
  return 16;
}

function isEscape(letter: u8): bool {
  if (letter === quote || letter === backslash || letter === slash) return true;
  return (
    letter === letterB || letter === letterF || letter === letterN || letter === letterR || letter === letterT
  );
}

/** One unit of UTF-16, or the two of a character that takes two. Half of one is a matter of the rules. */
function skipUnit(at: usize): usize {
  const unit = readUnit(at);
  if (unit < 0 || isLowHalf(unit)) return notFound;
  if (unit < 0xd800 || unit > 0xdbff) return at + 6;
  return isLowHalf(readUnit(at + 6)) ? at + 12 : notFound;
}

function isLowHalf(unit: i32): bool {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The unit that is written as an escape; -1 where none is. */
function readUnit(at: usize): i32 {
  if (load<u8>(at) !== backslash || load<u8>(at, 1) !== letterU) return -1;
  let unit: i32 = 0;
  for (let index: usize = 2; index < 6; index += 1) {
    const digit = readHexDigit(load<u8>(at + index));
    if (digit < 0) return -1;
    unit = (unit << 4) | digit;
  }
  return unit;
}

function readHexDigit(byte: u8): i32 {
  if (byte >= zero && byte <= zero + 9) return i32(byte) - 0x30;
  const letter = i32(byte | 0x20) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

/** Goes through a number as JSON has it. */
function skipNumber(start: usize): usize {
  const whole = load<u8>(start) === minus ? start + 1 : start;
  let at = skipDigits(whole);
  if (at === whole || (load<u8>(whole) === zero && at > whole + 1)) return notFound;
  if (load<u8>(at) === point) {
    const places = at + 1;
    at = skipDigits(places);
    if (at === places) return notFound;
  }
  return (load<u8>(at) | 0x20) === letterE ? skipExponent(at + 1) : at;
}

function skipExponent(at: usize): usize {
  const sign = load<u8>(at);
  const start = sign === minus || sign === plus ? at + 1 : at;
  const end = skipDigits(start);
  return end === start ? notFound : end;
}

/** Eight at a time. */
function skipDigits(start: usize): usize {
  let at = start;
  let others = findOthers(load<u64>(at));
  while (others === 0) {
    at += 8;
    others = findOthers(load<u64>(at));
  }
  return at + usize(ctz(others) >> 3);
}

/** Goes to the end of a list without others in it. What stands in it is looked at by who reads it. */
function skipList(start: usize, end: usize): usize {
  if (load<u8>(start) !== openBracket) return notFound;
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    const brackets = i8x16.eq(bytes, i8x16.splat(closeBracket));
    const ends = i8x16.bitmask(v128.or(brackets, i8x16.eq(bytes, i8x16.splat(lineFeed))));
    if (ends === 0) continue;
    const close = at + ctz(ends);
    return load<u8>(close) === closeBracket ? close + 1 : notFound;
  }
  return notFound;
}

/** As src/jsonl/hash-index.ts has it. */
function hashBytes(start: usize, end: usize): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = (hash ^ load<u8>(at)) * 0x01000193;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}
