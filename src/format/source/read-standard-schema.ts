import { isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { conversionError, refusedConversion } from "../schema-error.js";
import { type MaybePromise, toIssues, type Validation } from "../validation.js";
import { libraryAdvice, recogniseLibrary } from "./library.js";
import type { SchemaSource } from "./schema-source.js";
import type { ConvertToJsonSchema, StandardResult, StandardSchema } from "./standard-schema.js";
import { convertWithZodHelper } from "./zod-helper.js";
import { findUnrepresentable } from "./zod-unrepresentable.js";

/** Reads a schema of any library. What a model has to answer is the input of its validator, so that is converted. */
export function readStandardSchema(given: StandardSchema): SchemaSource {
  const { jsonSchema, validate } = given["~standard"];
  const library = recogniseLibrary(given);
  const source = { library, validate: validate && ((answer: unknown) => validateWith(given, answer)) };
  if (jsonSchema === undefined) {
    if (library === "zod") {
      const edition = "_zod" in given ? library : "zod/v3";
      return { ...source, library: edition, schema: convertWithZodHelper(given), problems: [] };
    }
    throw conversionError("this schema does not give its JSON Schema.", libraryAdvice[library].toJsonSchema);
  }
  try {
    const schema = requireDefaults(convert(jsonSchema.input), () => convert(jsonSchema.output));
    return { ...source, schema, problems: [] };
  } catch (cause) {
    const found = library === "zod" ? findUnrepresentable(jsonSchema.input) : undefined;
    if (found !== undefined) return { ...source, ...found };
    throw refusedConversion(cause);
  }
}

/** Checks an answer by a schema's own validator; without one, it is as good as it is. */
export function validateWith(schema: StandardSchema, answer: unknown): MaybePromise<Validation<unknown>> {
  const result = schema["~standard"].validate?.(answer) ?? { value: answer };
  return result instanceof Promise ? result.then(toValidation) : toValidation(result);
}

function toValidation(result: StandardResult<unknown>): Validation<unknown> {
  return result.issues === undefined ? { value: result.value } : { issues: toIssues(result.issues) };
}

/** Not every library knows each draft: joi, for one, has only the newer. */
function convert(toJsonSchema: ConvertToJsonSchema): JsonSchema {
  try {
    return toJsonSchema({ target: "draft-07" });
  } catch (firstError) {
    try {
      return toJsonSchema({ target: "draft-2020-12" });
    } catch {
      throw firstError;
    }
  }
}

/**
 * A property that has a default may be absent from the input of a validator, and is always in its output. A model
 * may as well give it always. Not every library writes the default itself into the schema.
 */
function requireDefaults(input: JsonSchema, toOutput: () => JsonSchema): JsonSchema {
  try {
    return withRequiredOf(input, toOutput()) as JsonSchema; // an object in, an object out
  } catch {
    // Types that are transformed have no output schema; then the defaults that are written in the input count.
    return input;
  }
}

const literalKeywords = new Set(["enum", "const", "default", "examples"]);

function withRequiredOf(input: unknown, output: unknown): unknown {
  if (Array.isArray(input) && Array.isArray(output))
    return input.map((member: unknown, index) => withRequiredOf(member, output[index]));
  if (!isObject(input) || !isObject(output)) return input;
  const members = Object.entries(input).map(([key, member]) => [
    key,
    literalKeywords.has(key) ? member : withRequiredOf(member, output[key]),
  ]);
  if (isObject(input.properties) && Array.isArray(output.required))
    members.push(["required", joinNames(input, output.required)]);
  return Object.fromEntries(members);
}

function joinNames({ properties, required }: JsonSchema, added: readonly unknown[]): readonly unknown[] {
  const names = new Set<unknown>(Array.isArray(required) ? required : []);
  for (const name of added) {
    if (typeof name === "string" && isObject(properties) && Object.hasOwn(properties, name)) names.add(name);
  }
  return [...names];
}
