import { isObject } from "../rule/rule.js";
import { isJsonObject } from "./json-word.js";

/** The keys that lead to a text of a line, from the outside in; `null` for each array. */
type Path = readonly (string | null)[];

/**
 * Where texts stand that every rule takes, whatever they say, if they are not empty and hold no half character. Who writes a rule that
 * looks into one of them takes it out here.
 */
const freeTexts: readonly Path[] = [
  ["body", "messages", null, "content"],
  ["body", "messages", null, "content", null, "text"],
  ["body", "input"],
  ["body", "input", null],
  ["body", "input", null, "content"],
  ["body", "input", null, "content", null, "text"],
  ["body", "instructions"],
];

/** Whether another text may stand at a place of a line without a finding, where {@link hasFreeTexts} holds. */
export function isFreeText(path: Path): boolean {
  return freeTexts.some((free) => free.length === path.length && free.every((key, at) => key === path[at]));
}

/** Whether texts of a body are free: not where one of them has to say "json". */
export function hasFreeTexts({ response_format, text }: Readonly<Record<string, unknown>>): boolean {
  return !isJsonObject(response_format) && !(isObject(text) && isJsonObject(text.format));
}
