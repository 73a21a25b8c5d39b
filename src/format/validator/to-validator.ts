import { isObject } from "../../api/index.js";
import type { Format, JsonSchema } from "../format.js";
import { originOf } from "../make/to-format.js";
import { readSchema } from "../source/read-schema.js";
import { validateWith } from "../source/read-standard-schema.js";
import { isStandardSchema } from "../source/standard-schema.js";
import { type MaybePromise, toIssues, type Validation } from "../validation.js";
import { compileJsonSchema } from "./json-schema-validator.js";

/** What checks answers against a schema, and makes values of them. */
export interface Validator {
  /** Never throws. A promise if the schema's own validator is async. */
  readonly validate: (answer: unknown) => MaybePromise<Validation<unknown>>;
  /** Whether the words of its issues may quote an answer: those of a schema library may, those about plain JSON Schema don't. */
  readonly mayQuote: boolean;
}

/**
 * The validator of a schema of any library, or of whatever else `toFormat` takes. The schema need not be one that the service
 * takes: it may be of an answer that was asked for otherwise.
 *
 * @throws SchemaError `invalid_schema` for what has no validator, and for a JSON Schema that cannot be compiled.
 */
export function toValidator(given: object): Validator {
  if (isStandardSchema(given) && given["~standard"].validate !== undefined) {
    return toOwnValidator((answer) => validateWith(given, answer));
  }
  if (isFormat(given)) {
    return given.hasValidator
      ? toOwnValidator((answer) => given.validate(answer))
      : toValidator(originOf(given) ?? given.schema);
  }
  const { schema, validate } = readSchema(given);
  return validate === undefined ? toJsonSchemaValidator(schema) : toOwnValidator(validate);
}

/** The validator of a plain JSON Schema. */
export function toJsonSchemaValidator(schema: JsonSchema): Validator {
  return { validate: compileJsonSchema(schema), mayQuote: false };
}

function toOwnValidator(validate: Validator["validate"]): Validator {
  const failed: Validation<never> = { issues: toIssues([{ message: "The schema's validator threw." }]) };
  return {
    mayQuote: true,
    validate: (answer) => {
      try {
        const validation = validate(answer);
        return validation instanceof Promise ? validation.catch(() => failed) : validation;
      } catch {
        return failed;
      }
    },
  };
}

function isFormat(given: object): given is Format {
  return isObject(given) && typeof given.schemaText === "string" && typeof given.validate === "function";
}
