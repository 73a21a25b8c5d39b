import { backslash, notFound, quote } from "../json-bytes.js";
import type { ByteWords } from "./byte-words.js";

/** What a byte means to who goes through the text of a JSON string, from the commonest on. */
const plain = 0;
const beyondAscii = 1;
const special = 2;

/** By byte. */
const meanings = new Uint8Array(256);
meanings.fill(special, 0, 0x20);
meanings.fill(beyondAscii, 0x80);
meanings[quote] = special;
meanings[backslash] = special;

const escapes: ReadonlySet<number | undefined> = new Set(Buffer.from('"\\/bfnrt'));
const unicodeEscape = 0x75;
const hexDigits = /^[0-9a-f]{4}$/i;

/** What was met in the texts that were gone through. Set by {@link skipText}, and never back. */
export interface TextTraits {
  /** Then somebody has to look whether the bytes are UTF-8. */
  isBeyondAscii: boolean;
}

/**
 * Goes through what stands between the quotes of a JSON string. Gives where its closing quote is; {@link notFound} for what is no
 * sound text: a control character, an escape that JSON does not know, half a character, or no end.
 */
export function skipText(words: ByteWords, start: number, traits: TextTraits): number {
  const { bytes } = words;
  const last = bytes.length - 4;
  let seen = plain;
  for (let at = start; ; ) {
    for (; at <= last; at += 4) {
      const word = words.at(at);
      if (holdsSpecial(word)) break;
      if ((word & highBits) !== 0) seen = beyondAscii;
    }
    let meaning = meanings[bytes[at] ?? 0] ?? special;
    while (meaning < special) {
      seen |= meaning;
      at += 1;
      meaning = meanings[bytes[at] ?? 0] ?? special;
    }
    if (seen !== plain) traits.isBeyondAscii = true;
    if (bytes[at] === quote) return at;
    if (bytes[at] !== backslash) return notFound;
    at = skipEscape(bytes, at);
    if (at === notFound) return notFound;
  }
}

/** The highest bit of each of four bytes, and one in each of them. */
const highBits = 0x80808080;
const ones = 0x01010101;
const quotes = quote * ones;
const backslashes = backslash * ones;
const spaces = 0x20 * ones;

/**
 * Whether one of four bytes is special. What is subtracted makes the highest bit of a byte that is less; of those beyond ASCII, which
 * have it anyway, it is not looked at. A byte that is less borrows from the next one, which then may seem to be special too.
 */
function holdsSpecial(word: number): boolean {
  const below = (word - spaces) | ((word ^ quotes) - ones) | ((word ^ backslashes) - ones);
  return (below & ~word & highBits) !== 0;
}

/** Goes through a text of printable ASCII without any escape: what stands there is what it says. */
export function skipPlainText(bytes: Buffer, start: number): number {
  let at = start;
  while (meanings[bytes[at] ?? 0] === plain) at += 1;
  return bytes[at] === quote ? at : notFound;
}

function skipEscape(bytes: Buffer, at: number): number {
  const letter = bytes[at + 1];
  if (letter === unicodeEscape) return skipUnit(bytes, at);
  return escapes.has(letter) ? at + 2 : notFound;
}

/** One unit of UTF-16, or the two of a character that takes two. Half of one is a matter of the rules. */
function skipUnit(bytes: Buffer, at: number): number {
  const unit = readUnit(bytes, at);
  if (unit === undefined || isLowHalf(unit)) return notFound;
  if (!isHighHalf(unit)) return at + 6;
  const second = readUnit(bytes, at + 6);
  return second !== undefined && isLowHalf(second) ? at + 12 : notFound;
}

function readUnit(bytes: Buffer, at: number): number | undefined {
  if (bytes[at] !== backslash || bytes[at + 1] !== unicodeEscape) return undefined;
  const digits = bytes.toString("latin1", at + 2, at + 6);
  return hexDigits.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

function isHighHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
