import { isUtf8 } from "node:buffer";
import { isObject } from "../api/index.js";
import { tryParseJson } from "../jsonl/index.js";
import { LeadingStrings } from "./leading-strings.js";
import { scanMembers } from "./scan-members.js";

const leading = new LeadingStrings();

/**
 * The `custom_id` of a line of a batch or results file: a string that is not empty. Where a line has two the last one counts,
 * as for every reader of JSON; but one whose key is escaped, behind an id at the beginning of the line, is looked for by nobody:
 * to look takes as long as all else. Of a broken line it is found as far as the line can be followed.
 */
export function readLineId(line: Buffer): string | undefined {
  leading.read(line, 0, line.length, { needsUrl: false });
  return leading.custom_id ?? readWholeId(line);
}

/** The same for a line that does not begin with its id. */
export function readWholeId(line: Buffer): string | undefined {
  const value = tryParseJson(line);
  if (value === undefined) return scanMembers(line).get("custom_id") || undefined;
  return isObject(value) ? toLineId(value.custom_id, isUtf8(line)) : undefined;
}

/** The id that a value is. What came of bytes that are not UTF-8 is none. */
export function toLineId(value: unknown, isText: boolean): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  return isText || !value.includes("\ufffd") ? value : undefined;
}
