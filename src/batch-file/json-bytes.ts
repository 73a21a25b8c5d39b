import { isUtf8 } from "node:buffer";
import { tryParseJson } from "../jsonl/index.js";

// The bytes and characters that JSON is built with. Not members of an object: each would be looked up for each byte.
export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBracket = 0x5b;
export const backslash = 0x5c;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

export const notFound = -1;

/** Where a JSON string ends that begins at a place, behind its closing quote; {@link notFound} where none does, or it is cut. */
export function findStringEnd(bytes: Buffer, start: number, end: number): number {
  if (start >= end || bytes[start] !== quote) return notFound;
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  return notFound;
}

/** The text of a JSON string, from its opening quote to behind its closing one; `undefined` if it is none. */
export function parseJsonString(bytes: Buffer, start: number, end: number): string | undefined {
  const json = bytes.subarray(start, end);
  if (!isUtf8(json)) return undefined;
  const text = tryParseJson(json);
  return typeof text === "string" ? text : undefined;
}
