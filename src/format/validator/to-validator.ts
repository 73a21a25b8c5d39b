import { isObject } from "../../api/index.js";
import type { Format, JsonSchema } from "../format.js";
import { originOf } from "../make/to-format.js";
import { readSchema } from "../source/read-schema.js";
import { validateWith } from "../source/read-standard-schema.js";
import { isStandardSchema, type StandardSchema } from "../source/standard-schema.js";
import type { MaybePromise, Validation } from "../validation.js";
import { toGuarded, toWatched } from "./guarded-validation.js";
import { isPlainZod } from "./is-plain-zod.js";
import { compileJsonSchema } from "./json-schema-validator.js";

/** What checks answers against a schema, and makes values of them. */
export interface Validator {
  /** Never throws. A promise if it is a library's own. */
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
    const shown = isPlainZod(given) ? jsonSchemaOf(given) : undefined;
    return { validate: shown === undefined ? toGuarded(validate) : toWatched(validate, shown) };
  }
  if (isFormat(given)) {
    const origin = originOf(given);
    if (origin !== undefined || !given.hasValidator) return toValidator(origin ?? given.schema);
    return { validate: toGuarded((answer) => given.validate(answer)) };
  }
  const { schema, validate } = readSchema(given);
  if (validate === undefined) return toJsonSchemaValidator(schema);
  return { validate: toGuarded(validate) };
}

/** The validator of a plain JSON Schema. */
export function toJsonSchemaValidator(schema: JsonSchema): Validator {
  return { validate: toWatched(compileJsonSchema(schema), schema) };
}

function jsonSchemaOf(given: StandardSchema): JsonSchema | undefined {
  try {
    return given["~standard"].jsonSchema?.input({ target: "draft-07" });
  } catch {
    return undefined;
  }
}

function isFormat(given: object): given is Format {
  return isObject(given) && typeof given.schemaText === "string" && typeof given.validate === "function";
}
