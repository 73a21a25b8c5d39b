import { isObject } from "./rule/rule.js";

/** What is longer is no name. */
const maxNameLength = 128;

/** The names in a list of models, as servers give it: a list, or an object with a list in `data`, of objects with an `id`. */
export function readModelNames(json: unknown): readonly string[] | undefined {
  const list = isObject(json) ? json.data : json;
  if (!Array.isArray(list)) return undefined;
  const names = list.map((model) => (isObject(model) ? model.id : undefined));
  return [...new Set(names.filter(isModelName))];
}

export function isModelName(text: unknown): text is string {
  return typeof text === "string" && text !== "" && text.length <= maxNameLength;
}
