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
  ["body", "prompt_cache_key"],
  ["body", "user"],
];

/** In a path, whatever the key is. */
const anyKey = Symbol("any key");

/** Where rules ask of a text how long it is and no more, and how many UTF-16 units every rule takes there. */
const shortTexts: readonly { readonly path: readonly (string | null | symbol)[]; readonly units: number }[] =
  [
    { path: ["body", "metadata", anyKey], units: 512 },
    { path: ["body", "safety_identifier"], units: 128 },
  ];

/** Whether another text may stand at a place of a line without a finding, where {@link hasFreeTexts} holds. */
export function isFreeText(path: Path): boolean {
  return freeTexts.some((free) => leadsTo(free, path));
}

/** How many UTF-16 units such another text may have at a place; 0 where none may stand. */
export function freeUnitsAt(path: Path): number {
  if (isFreeText(path)) return Infinity;
  return shortTexts.find((short) => leadsTo(short.path, path))?.units ?? 0;
}

function leadsTo(known: readonly (string | null | symbol)[], path: Path): boolean {
  const isKey = (step: string | null | undefined) => typeof step === "string";
  return (
    known.length === path.length &&
    known.every((step, at) => step === path[at] || (step === anyKey && isKey(path[at])))
  );
}

/** Whether texts of a body are free: not where one of them has to say "json". */
export function hasFreeTexts({ response_format, text }: Readonly<Record<string, unknown>>): boolean {
  return !isJsonObject(response_format) && !(isObject(text) && isJsonObject(text.format));
}
