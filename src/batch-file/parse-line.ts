import { isObject } from "../api/index.js";
import { tryParseJson } from "../jsonl/index.js";
import { findRepeatedKey, memberPlace } from "./member-text.js";

/** The JSON of a line. */
export interface ParsedLine {
  /** `undefined` where the line is no JSON. Of a key that comes twice it has the last value, as for every reader of JSON. */
  readonly value: unknown;
  /** A key that the line itself, not what is in it, has more than once. */
  readonly repeatedKey: string | undefined;
  /** The text of an object that is the line's `body`, or Anthropic's `params`. */
  readonly bodyText: string | undefined;
  /** Where that begins in the text of the line. */
  readonly bodyIndex: number;
}

/** The beginning of a line as nearly everybody writes it: three strings, and then an object. */
const usualBeginning =
  /^[ \t]*\{[ \t]*"custom_id"[ \t]*:[ \t]*"([^"\\\p{Cc}]*)"[ \t]*,[ \t]*"method"[ \t]*:[ \t]*"([^"\\\p{Cc}]*)"[ \t]*,[ \t]*"url"[ \t]*:[ \t]*"([^"\\\p{Cc}]*)"[ \t]*,[ \t]*"body"[ \t]*:[ \t]*(?=\{)/u;

/** Parses the text of a line that is not blank. */
export function parseLine(text: string): ParsedLine {
  return parseUsual(text) ?? parseAny(text);
}

/** Where all between the beginning and the last brace is one object, no key can come twice; and that costs nothing to know. */
function parseUsual(text: string): ParsedLine | undefined {
  const found = usualBeginning.exec(text);
  if (found === null) return undefined;
  const [beginning, custom_id, method, url] = found;
  const bodyText = text.slice(beginning.length, findLastBrace(text));
  const body = tryParseJson(bodyText);
  if (!isObject(body)) return undefined;
  return {
    value: { custom_id, method, url, body },
    repeatedKey: undefined,
    bodyText: bodyText.trimEnd(),
    bodyIndex: beginning.length,
  };
}

/** Where the brace is that closes the line; at its beginning if none does. */
function findLastBrace(text: string): number {
  let at = text.length - 1;
  while (at > 0 && " \t\r".includes(text.charAt(at))) at -= 1;
  return text.charAt(at) === "}" ? at : 0;
}

function parseAny(text: string): ParsedLine {
  const value = tryParseJson(text);
  const none = { bodyText: undefined, bodyIndex: 0 };
  if (!isObject(value)) return { value, repeatedKey: undefined, ...none };
  const name = ["body", "params"].find((each) => isObject(value[each]));
  const place = name === undefined ? undefined : memberPlace(text, name);
  const body = place === undefined ? none : { bodyText: text.slice(...place), bodyIndex: place[0] };
  return { value, repeatedKey: findRepeatedKey(text), ...body };
}
