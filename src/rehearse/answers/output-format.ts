import { isObject, type RequestTarget } from "../../api/index.js";
import { pickWords } from "../../format/index.js";
import { RehearsedError, toMissingParameter, toWrongParameter } from "./rehearsed-error.js";
import { toRehearsedText } from "./rehearsed-text.js";
import type { SchemaTexts, TextWriter } from "./schema-texts.js";

interface FormatPlace {
  readonly schemas: SchemaTexts;
  readonly target: RequestTarget;
  /** The parameter, as in `text.format`. */
  readonly param: string;
  /** The key in which the name and the schema stand; beside `type` where there is none. */
  readonly nestedIn?: "json_schema";
}

/** Writes what the format of an answer asks for: prose, any JSON object, or JSON that fits a schema. */
export function toOutputWriter(format: unknown, place: FormatPlace): TextWriter {
  if (format === undefined || format === null) return toRehearsedText;
  const { param } = place;
  if (!isObject(format)) throw toWrongParameter(param, "an object", format);
  switch (format.type) {
    case undefined:
      throw toMissingParameter(`${param}.type`);
    case "text":
      return toRehearsedText;
    case "json_object":
      return (random) => JSON.stringify({ rehearsal: true, answer: pickWords(random, 4) });
    case "json_schema":
      return toSchemaWriter(format, place);
    default:
      // Other servers have other formats, which are not known here.
      if (place.target === "openbatch" && typeof format.type === "string") return toRehearsedText;
      throw new RehearsedError(
        400,
        `Invalid value for '${param}.type'. Supported values are: 'json_object', 'json_schema', and 'text'.`,
        { param: `${param}.type`, code: "invalid_value" },
      );
  }
}

function toSchemaWriter(
  format: Readonly<Record<string, unknown>>,
  { schemas, param, nestedIn }: FormatPlace,
): TextWriter {
  const definition = nestedIn === undefined ? format : format[nestedIn];
  const at = nestedIn === undefined ? param : `${param}.${nestedIn}`;
  if (!isObject(definition)) throw toMissingParameter(at);
  const { name, schema } = definition;
  if (typeof name !== "string") throw toMissingParameter(`${at}.name`);
  // Chat takes a format with no schema.
  if (schema === undefined && nestedIn === undefined) throw toMissingParameter(`${at}.schema`);
  return schemas.writerFor(schema ?? { type: "object" }, {
    subject: `response_format '${name}'`,
    param: nestedIn === undefined ? `${at}.schema` : param,
    code: "invalid_json_schema",
  });
}
