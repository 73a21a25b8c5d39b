import { isObject } from "../api/index.js";
import { tryParseJson } from "../jsonl/index.js";

/** What a line looks like, as far as it can be parsed. */
export function readShape(line: Buffer): "result" | "request" | "other" {
  const value = tryParseJson(line);
  if (!isObject(value)) return "other";
  if ("response" in value) return "result";
  return isObject(value.body) && !("error" in value) ? "request" : "other";
}
