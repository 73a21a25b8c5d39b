import { isObject } from "../../api/index.js";
import type { Format, JsonSchema } from "../format.js";
import { originOf } from "../make/to-format.js";
import { readSchema } from "../source/read-schema.js";
import { validateWith } from "../source/read-standard-schema.js";
import { isStandardSchema, type StandardSchema } from "../source/standard-schema.js";
import type { MaybePromise, Validation } from "../validation.js";
import { toGuarded } from "./guarded-validation.js";
import { compileJsonSchema } from "./json-schema-validator.js";

/** What checks answers against a schema, and makes values of them. */
export interface Validator {
  /** Never throws. A promise if the schema's own validator is async. */
  readonly validate: (answer: unknown) => MaybePromise<Validation<unknown>>;
}

/**
 * The validator of a schema of any library, or of whatever else `toFormat` takes. The schema need not be one that the service
 * takes: it may be of an answer that was asked for otherwise.
 *
 * @throws SchemaError `invalid_schema` for what has no validator, and for a JSON Schema that cannot be compiled.
 */
export function toValidator(given: object): Validator {
  if (isStandardSchema(given) && given["~standard"].validate !== undefined) {
    const validate = (answer: unknown) => validateWith(given, answer);
    return { validate: toGuarded(validate, () => jsonSchemaOf(given)) };
  }
  if (isFormat(given)) {
    const origin = originOf(given);
    if (origin !== undefined || !given.hasValidator) return toValidator(origin ?? given.schema);
    return {
      validate: toGuarded(
        (answer) => given.validate(answer),
        () => given.schema,
      ),
    };
  }
  const { schema, validate } = readSchema(given);
  if (validate === undefined) return toJsonSchemaValidator(schema);
  return { validate: toGuarded(validate, () => schema) };
}

/** The validator of a plain JSON Schema. */
export function toJsonSchemaValidator(schema: JsonSchema): Validator {
  return { validate: toGuarded(compileJsonSchema(schema), () => schema) };
}

/** Nothing, where the library does not say: then it is not known of which answers the check may take ages. */
function jsonSchemaOf(given: StandardSchema): JsonSchema {
  try {
    return given["~standard"].jsonSchema?.input({ target: "draft-07" }) ?? {};
  } catch {
    return {};
  }
}

function isFormat(given: object): given is Format {
  return isObject(given) && typeof given.schemaText === "string" && typeof given.validate === "function";
}
