import { isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { conversionError } from "../schema-error.js";
import { toIssues, type Validation } from "../validation.js";
import { recogniseLibrary } from "./library.js";
import type { SchemaSource, Validate } from "./schema-source.js";

const wireTypes: readonly unknown[] = ["json_schema", "json_object", "text"];

/**
 * Whether this is a format as it goes over the wire rather than a schema: written by hand, or made by the SDK's
 * `zodResponseFormat`, `zodTextFormat`, `standardResponseFormat` or `standardTextFormat`.
 */
export function isReadyMadeFormat(given: JsonSchema): boolean {
  return wireTypes.includes(given.type);
}

/** Reads either shape, nested as in chat completions or flat as in responses. */
export function readReadyMadeFormat(given: JsonSchema): SchemaSource {
  const members = isObject(given.json_schema) ? given.json_schema : given;
  const { name, description, strict, schema } = members;
  if (given.type !== "json_schema" || !isObject(schema)) {
    throw conversionError(
      "this format has no JSON Schema.",
      "Give a schema, or write the format in the parameters of create instead of parse.",
    );
  }
  const library = recogniseLibrary(schema);
  return { schema, library, problems: [], validate: validatorOf(given), name, description, strict };
}

/** What the SDK keeps for parsing takes text, and throws. */
function validatorOf({ $parseRaw }: JsonSchema): Validate | undefined {
  if (typeof $parseRaw !== "function") return undefined;
  return (answer) => {
    try {
      return { value: $parseRaw(JSON.stringify(answer)) };
    } catch (error) {
      return toFailure(error);
    }
  };
}

function toFailure(error: unknown): Validation<never> {
  if (typeof error === "object" && error !== null && "issues" in error && Array.isArray(error.issues))
    return { issues: toIssues(error.issues) };
  return { issues: toIssues([error]) };
}
