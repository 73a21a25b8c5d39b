import {
  closeBrace,
  closeBracket,
  colon,
  comma,
  findStringEnd,
  openBrace,
  openBracket,
  quote,
} from "../json-bytes.js";

/** A string, a number or a list of numbers, somewhere in a line. */
export interface ValuePlace {
  readonly kind: "text" | "number" | "numbers";
  /** The keys that lead to it, from the outside in, as they are written; `null` for each array. */
  readonly path: readonly (string | null)[];
  /** From its first byte to behind its last one; of a string what stands between the quotes. */
  readonly start: number;
  readonly end: number;
}

/** What stands deeper is not listed: nobody asks for it, and its path would be long. */
export const maxDepth = 32;

/**
 * Lists the strings and numbers of a line, in their order, that are values and not keys. Numbers that are a list by themselves are one
 * value.
 * @param line an object that `JSON.parse` takes.
 */
export function listValues(line: Buffer): ValuePlace[] {
  const values: ValuePlace[] = [];
  const path: (string | null)[] = [];
  let isKey = false;
  const add = (kind: ValuePlace["kind"], start: number, end: number): void => {
    if (path.length <= maxDepth) values.push({ kind, path: [...path], start, end });
  };
  for (let at = 0; at < line.length; at += 1) {
    switch (line[at]) {
      case quote: {
        const [start, end] = [at + 1, findStringEnd(line, at, line.length) - 1];
        if (isKey) path[path.length - 1] = line.toString("latin1", start, end);
        else add("text", start, end);
        at = end;
        break;
      }
      case openBrace:
        path.push("");
        isKey = true;
        break;
      case openBracket: {
        const end = findNumbersEnd(line, at);
        if (end > at) {
          add("numbers", at, end);
          at = end - 1;
        } else path.push(null);
        break;
      }
      case closeBrace:
      case closeBracket:
        path.pop();
        isKey = false;
        break;
      case colon:
        isKey = false;
        break;
      case comma:
        isKey = path.at(-1) !== null;
        break;
      default: {
        const end = isNumberByte(line[at]) ? findNumberEnd(line, at) : at;
        if (end > at) add("number", at, end);
        at = Math.max(at, end - 1);
      }
    }
  }
  return values;
}

const numberBytes: ReadonlySet<number | undefined> = new Set(Buffer.from("0123456789-"));
const laterNumberBytes: ReadonlySet<number | undefined> = new Set(Buffer.from("0123456789-+.eE"));
const numbersBytes: ReadonlySet<number | undefined> = new Set(Buffer.from("0123456789-+.eE, \t\r"));

function isNumberByte(byte: number | undefined): boolean {
  return numberBytes.has(byte);
}

function findNumberEnd(line: Buffer, start: number): number {
  let at = start;
  while (laterNumberBytes.has(line[at])) at += 1;
  return at;
}

/** Where a list ends that holds numbers alone; where it begins for any other, and for an empty one. */
function findNumbersEnd(line: Buffer, start: number): number {
  let at = start + 1;
  while (numbersBytes.has(line[at])) at += 1;
  const isList = line[at] === closeBracket && line.subarray(start, at).some(isNumberByte);
  return isList ? at + 1 : start;
}
