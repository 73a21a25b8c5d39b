import { closeBrace, colon, findStringEnd, notFound, openBrace, quote } from "./json-bytes.js";

/**
 * The bytes of a member of an object somewhere in a line of JSON, from its key to the end of its value, which is an object
 * equal to the given one. `undefined` where it cannot be found.
 */
export function findMember(line: Buffer, key: string, value: unknown): Buffer | undefined {
  const wanted = JSON.stringify(value);
  const quoted = Buffer.from(`"${key}"`);
  for (let start = line.indexOf(quoted); start !== -1; start = line.indexOf(quoted, start + 1)) {
    const valueStart = skipColon(line, start + quoted.length);
    const end = line[valueStart] === openBrace ? findClosingBrace(line, valueStart) : notFound;
    if (end !== notFound && holds(line.subarray(valueStart, end), wanted)) return line.subarray(start, end);
  }
  return undefined;
}

function skipColon(line: Buffer, start: number): number {
  let at = start;
  while ((line[at] ?? 0xff) <= 0x20 || line[at] === colon) at += 1;
  return at;
}

function findClosingBrace(line: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < line.length; at += 1) {
    const byte = line[at];
    if (byte === quote) {
      const end = findStringEnd(line, at, line.length);
      if (end === notFound) return notFound;
      at = end - 1;
    } else if (byte === openBrace) depth += 1;
    else if (byte === closeBrace && --depth === 0) return at + 1;
  }
  return notFound;
}

function holds(json: Buffer, wanted: string): boolean {
  try {
    return JSON.stringify(JSON.parse(json.toString("utf8"))) === wanted;
  } catch {
    return false;
  }
}
