import { createRequire } from "node:module";
import type { ParseErrorCode } from "jsonc-parser";
import { tryParseJson } from "./try-json.js";

/** Why a text is not JSON. */
export interface JsonFault {
  /** Where, in characters counted from 1, and what, as a sentence. Holds no content. Empty when nobody can tell. */
  readonly sentence: string;
  /**
   * Whether the text is the beginning of a JSON object, as a writer leaves it who was stopped in the middle; or zero bytes, as
   * a file system leaves them after a power cut.
   */
  readonly isTorn: boolean;
}

type JsoncParser = typeof import("jsonc-parser");

let parser: JsoncParser | undefined;

/** Longer texts are not looked at a second time. */
const maxTextLength = 16 * 1024 * 1024;

/** Finds the first fault of a text that `JSON.parse` refused. */
export function findJsonFault(text: string): JsonFault {
  if (/^\0+$/.test(text)) return { sentence: "It holds nothing but zero bytes.", isTorn: true };
  const startsAsObject = /^[ \t\r\n]*\{/.test(text);
  if (text.length > maxTextLength) return { sentence: "", isTorn: startsAsObject };
  const number = findForeignNumber(text);
  if (number !== undefined)
    return { sentence: `It holds ${number}, a number that JSON does not have.`, isTorn: false };
  try {
    const faults = listFaults(text);
    const [first] = faults;
    if (first === undefined) return { sentence: "", isTorn: false };
    return {
      sentence: `At character ${first.offset + 1}: ${first.what}.`,
      isTorn: startsAsObject && first.isOpen && first.end >= text.trimEnd().length,
    };
  } catch {
    // Nested so deep that the parser's own recursion runs out.
    return { sentence: "", isTorn: false };
  }
}

/** A string, or one of the numbers that other languages write into what is no JSON then. */
const stringOrForeign = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:Infinity|NaN)\b/gs;

/** Finds the first number that JSON does not have, where nothing else keeps a text from being JSON: `-Infinity at character 12`. */
export function findForeignNumber(text: string): string | undefined {
  if (text.length > maxTextLength || !/Infinity|NaN/.test(text)) return undefined;
  let first: string | undefined;
  const mended = text.replace(stringOrForeign, (found, at: number) => {
    if (found.startsWith('"')) return found;
    first ??= `${found} at character ${at + 1}`;
    return "null";
  });
  return first !== undefined && tryParseJson(mended) !== undefined ? first : undefined;
}

interface Fault {
  readonly offset: number;
  readonly end: number;
  readonly what: string;
  /** Whether the value is not complete there. */
  readonly isOpen: boolean;
}

function listFaults(text: string): Fault[] {
  // Loaded for the first bad line, and not at all for a good file.
  parser ??= createRequire(import.meta.url)("jsonc-parser") as JsoncParser;
  const { visit, printParseErrorCode } = parser;
  const faults: Fault[] = [];
  const onError = (code: ParseErrorCode, offset: number, length: number): void => {
    if (faults.length > 0) return;
    const name = printParseErrorCode(code);
    const what = descriptions[name] ?? "this is not JSON";
    const found = text.slice(offset, offset + length);
    const isOpen = name === "InvalidSymbol" ? isBeginningOfWord(found) : !endsValue(name);
    faults.push({ offset, end: offset + length, what, isOpen });
  };
  visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  return faults;
}

function endsValue(name: string): boolean {
  return name === "EndOfFileExpected" || name === "InvalidCommentToken";
}

function isBeginningOfWord(text: string): boolean {
  return ["true", "false", "null", "-"].some((word) => word.startsWith(text));
}

const descriptions: Readonly<Record<string, string>> = {
  InvalidSymbol: "a word that JSON does not know (it has true, false and null, and neither NaN nor Infinity)",
  InvalidNumberFormat: "a malformed number",
  PropertyNameExpected: "a property name in double quotes is expected",
  ValueExpected: "a value is expected",
  ColonExpected: "a colon is expected",
  CommaExpected: "a comma is expected",
  CloseBraceExpected: "a closing brace is expected",
  CloseBracketExpected: "a closing bracket is expected",
  EndOfFileExpected: "something follows the end of the JSON value",
  InvalidCommentToken: "JSON has no comments",
  UnexpectedEndOfComment: "JSON has no comments",
  UnexpectedEndOfString: "a string without its closing quote",
  UnexpectedEndOfNumber: "an unfinished number",
  InvalidUnicode: "a malformed \\u escape",
  InvalidEscapeCharacter: "an escape that JSON does not know",
  InvalidCharacter: "a control character that JSON wants escaped",
};
