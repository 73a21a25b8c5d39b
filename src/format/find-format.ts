import { isObject } from "../api/index.js";
import type { JsonSchema } from "./format.js";

/** The format that the body of a request asks for, as it stands there. */
export interface FoundFormat {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isStrict: boolean;
  /** The names that lead from the body to the schema. */
  readonly place: readonly string[];
}

const nestedPlace = ["response_format", "json_schema", "schema"];
const flatPlace = ["text", "format", "schema"];

/** Finds the format that a body asks for: nested as in chat completions, or flat as in responses. */
export function findFormat({
  response_format,
  text,
}: Readonly<Record<string, unknown>>): FoundFormat | undefined {
  const nested = isObject(response_format) ? response_format.json_schema : undefined;
  const members = nested ?? (isObject(text) ? text.format : undefined);
  if (!isObject(members)) return undefined;
  const { name, schema, strict } = members;
  if (typeof name !== "string" || !isObject(schema)) return undefined;
  return { name, schema, isStrict: strict === true, place: nested === undefined ? flatPlace : nestedPlace };
}
