import { isObject } from "../api/index.js";

/** What a line looks like, as far as it can be parsed. */
export function readShape(line: Buffer): "result" | "request" | "other" {
  let value: unknown;
  try {
    value = JSON.parse(line.toString("utf8"));
  } catch {
    return "other";
  }
  if (!isObject(value)) return "other";
  if ("response" in value) return "result";
  return isObject(value.body) && !("error" in value) ? "request" : "other";
}
