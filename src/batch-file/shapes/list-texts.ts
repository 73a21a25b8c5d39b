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

/** A string that is a value, somewhere in a line. */
export interface TextPlace {
  /** The keys that lead to it, from the outside in, as they are written; `null` for each array. */
  readonly path: readonly (string | null)[];
  /** From behind its opening quote to its closing one. */
  readonly start: number;
  readonly end: number;
}

/**
 * Lists the strings of a line, in their order, that are values and not keys.
 * @param line an object that `JSON.parse` takes.
 */
export function listTexts(line: Buffer): TextPlace[] {
  const texts: TextPlace[] = [];
  const path: (string | null)[] = [];
  let isKey = false;
  for (let at = 0; at < line.length; at += 1) {
    switch (line[at]) {
      case quote: {
        const [start, end] = [at + 1, findStringEnd(line, at, line.length) - 1];
        if (isKey) path[path.length - 1] = line.toString("latin1", start, end);
        else texts.push({ path: [...path], start, end });
        at = end;
        break;
      }
      case openBrace:
        path.push("");
        isKey = true;
        break;
      case openBracket:
        path.push(null);
        break;
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
      default:
    }
  }
  return texts;
}
