import { OpenbatchError } from "../../errors/index.js";
import { findJsonFault } from "../../jsonl/index.js";
import type { ReadRow } from "../table/row.js";

export interface JsonRowPlace {
  /** The file, for messages. */
  readonly name: string;
  readonly number: number;
  readonly line: number;
}

/** Reads one row of JSON, which is an object. A number that a double cannot hold exactly becomes its text, at any depth. */
export function parseJsonRow(text: string, { name, number, line }: JsonRowPlace): ReadRow {
  const refuse = (what: string, hint: string): ReadRow => ({
    number,
    error: new OpenbatchError("invalid_table", `${name}, row ${number}, line ${line}: ${what}`, { hint }),
  });
  const value = tryToParse(text);
  if (value === undefined) {
    const { sentence, isTorn } = findJsonFault(text);
    const what = isTorn ? "the row is cut off." : "this is not JSON.";
    return refuse(`${what} ${sentence}`.trimEnd(), isTorn ? completeRow : mendRow);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    // An object that JSON.parse made has no other keys than strings.
    return { number, line, cells: value as Readonly<Record<string, unknown>> };
  }
  const found = value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
  const hint = 'Write each row as {"column": value, …}.';
  return refuse(`${found}, where a row is an object.`, isTable(value) ? `${hint} ${ofArrays}` : hint);
}

/** Whether it is a table of JSON, all in one line. */
function isTable(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === "object";
}

const ofArrays = "If the file is one array of rows, say so: format json (--input-format json).";

const completeRow =
  "Get the table again if it was cut short, or complete the row; a row of JSON Lines is one line.";

const mendRow =
  "Mend the row: NaN, comments, single quotes and a comma before a closing bracket are no JSON.";

/** No value of JSON is undefined. The engine's own error is not passed on: it quotes what it read. */
function tryToParse(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** Anything that a double may not hold exactly has sixteen digits (a point may stand among them) or a large exponent. */
const suspicious = /[\d.]{16}|[eE][+-]?\d{3}/;

/** Parses JSON; a number that a double cannot hold exactly becomes its text. Throws a SyntaxError as `JSON.parse` does. */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return suspicious.test(text) ? JSON.parse(quoteInexactNumbers(text)) : value;
}

const numberToken = /-?\d[\d.eE+-]*/y;

/** Puts numbers in quotes that would change. The text is known to be JSON, where a digit outside a string is a number's. */
function quoteInexactNumbers(json: string): string {
  let result = "";
  let done = 0;
  for (let index = 0; index < json.length; ) {
    const character = json.charAt(index);
    if (character === '"') {
      index = endOfString(json, index);
    } else if (character === "-" || (character >= "0" && character <= "9")) {
      numberToken.lastIndex = index;
      const token = numberToken.exec(json)?.[0] ?? character;
      if (!isExact(token)) {
        result += `${json.slice(done, index)}"${token}"`;
        done = index + token.length;
      }
      index += token.length;
    } else {
      index += 1;
    }
  }
  return result + json.slice(done);
}

function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(json: string, quote: number): boolean {
  let backslashes = 0;
  while (json[quote - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

/** Whether a double gives the number back: what it prints is the same number. */
function isExact(token: string): boolean {
  const printed = String(Number(token));
  return printed === token || toScientific(printed) === toScientific(token);
}

/** The one way to write a number without zeros around its digits: `-12e3`. */
function toScientific(token: string): string {
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(power) - fraction.length + digits.length - significant.length}`;
}
