import { isObject } from "../api/index.js";
import type { JsonSchema } from "./format.js";

/** The format that the body of a request asks for, as it stands there. */
export interface FoundFormat {
  readonly name: string;
  readonly schema: JsonSchema;
}

/** Finds the format that a body asks for: nested as in chat completions, or flat as in responses. */
export function findFormat({
  response_format,
  text,
}: Readonly<Record<string, unknown>>): FoundFormat | undefined {
  const nested = isObject(response_format) ? response_format.json_schema : undefined;
  const members = nested ?? (isObject(text) ? text.format : undefined);
  if (!isObject(members)) return undefined;
  const { name, schema } = members;
  return typeof name === "string" && isObject(schema) ? { name, schema } : undefined;
}
