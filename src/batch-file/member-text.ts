import { backslash, closeBrace, closeBracket, comma, openBrace, openBracket, quote } from "./json-bytes.js";

/**
 * The text of a member's value as it stands in a JSON object, so that its numbers stay as they were written. Of a name that
 * comes twice the last counts, as for `JSON.parse`.
 * @param json an object that `JSON.parse` takes.
 */
export function memberText(json: string, name: string): string | undefined {
  const place = memberPlace(json, name);
  return place === undefined ? undefined : json.slice(...place);
}

/** From where to where it stands there. */
export function memberPlace(json: string, name: string): readonly [start: number, end: number] | undefined {
  const place = findValue(json, name);
  if (place === undefined) return undefined;
  const value = json.slice(...place);
  const start = place[0] + value.length - value.trimStart().length;
  return [start, start + value.trim().length];
}

/**
 * The object with another value for a member, and all else as it stands.
 * @param json an object that `JSON.parse` takes.
 */
export function replaceMember(json: string, name: string, value: string): string {
  const text = JSON.stringify(value);
  const place = findValue(json, name);
  if (place !== undefined) return `${json.slice(0, place[0])}${text}${json.slice(place[1])}`;
  const start = json.indexOf("{") + 1;
  const comma = json.slice(start).trimStart().startsWith("}") ? "" : ",";
  return `${json.slice(0, start)}${JSON.stringify(name)}:${text}${comma}${json.slice(start)}`;
}

/** The first name that a JSON object has twice. */
export function findRepeatedKey(json: string): string | undefined {
  const names = new Set<string>();
  for (const { name } of listMembers(json)) {
    if (names.has(name)) return name;
    names.add(name);
  }
  return undefined;
}

/** From where to where the value of a member stands. */
function findValue(json: string, wanted: string): readonly [number, number] | undefined {
  let found: readonly [number, number] | undefined;
  for (const { name, start, end } of listMembers(json)) if (name === wanted) found = [start, end];
  return found;
}

/** The members of an object, with where their values stand. */
function* listMembers(json: string): Generator<{ name: string; start: number; end: number }> {
  for (let at = json.indexOf("{") + 1; ; ) {
    const opening = json.indexOf('"', at);
    if (opening === -1) return;
    const closing = skipString(json, opening);
    const token = json.slice(opening, closing);
    const start = json.indexOf(":", closing) + 1;
    at = skipValue(json, start);
    yield { name: token.includes("\\") ? JSON.parse(token) : token.slice(1, -1), start, end: at };
  }
}

/** Where the string ends that opens at a quote: behind its closing quote. */
function skipString(json: string, opening: number): number {
  let closing = json.indexOf('"', opening + 1);
  while (isEscaped(json, closing)) closing = json.indexOf('"', closing + 1);
  return closing + 1;
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(at - 1 - backslashes) === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Where a value ends: at the comma behind it, or at the brace that closes the object. */
function skipValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case quote:
        at = skipString(json, at) - 1;
        break;
      case openBrace:
      case openBracket:
        depth += 1;
        break;
      case closeBrace:
      case closeBracket:
        if (depth === 0) return at;
        depth -= 1;
        break;
      case comma:
        if (depth === 0) return at;
        break;
      default:
    }
  }
  return json.length;
}
