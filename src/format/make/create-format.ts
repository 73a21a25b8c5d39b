import {
  describe,
  isObject,
  resolvePointer,
  type SchemaProblem,
  validateStrictSchema,
  wrapRoot,
} from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import {
  type Format,
  holdConstant,
  type JsonSchema,
  type LeftOut,
  toResponseFormat,
  toTextFormat,
} from "../format.js";
import { assertFormatName, deriveFormatName } from "../format-name.js";
import { findUnfit } from "../schema/find-unfit.js";
import { conversionError, SchemaError } from "../schema-error.js";
import { libraryAdvice } from "../source/library.js";
import { readSchema } from "../source/read-schema.js";
import type { SchemaSource } from "../source/schema-source.js";
import { strictify } from "../strict/strictify.js";

export interface FormatOptions {
  /** `[a-zA-Z0-9_-]{1,64}`. By default the schema's title or id, cleaned, or `response`. */
  readonly name?: string | undefined;
  /** Tells the model what the format is for. None by default. */
  readonly description?: string | undefined;
  /** Whether the service is held to the schema to the letter. By default true; false sends the schema as it is. */
  readonly strict?: boolean | undefined;
}

/** Makes a format of whatever is given as a schema; see `toFormat`. */
export function createFormat(given: object, options: FormatOptions): Format {
  const source = readSchema(given);
  const raw = toPlainJson(source.schema);
  const strict = strictOf(source, options);
  const named = {
    name: nameOf(source, raw, options),
    ...descriptionOf(source, options),
    strict,
    ...(strict ? toStrictSchema(raw, source) : toLooseSchema(raw, source)),
  };
  return holdConstant({
    ...named,
    hasValidator: source.validate !== undefined,
    schemaText: JSON.stringify(named.schema),
    responseFormatText: JSON.stringify(toResponseFormat(named)),
    textFormatText: JSON.stringify(toTextFormat(named)),
    validate: source.validate ?? ((value) => ({ value })),
  });
}

/** A copy that holds what would be written: no undefined, no functions, no symbols. */
function toPlainJson(schema: JsonSchema): JsonSchema {
  try {
    return JSON.parse(JSON.stringify(schema));
  } catch (cause) {
    const message = "it cannot be written as JSON: it contains itself, a BigInt, or far too many levels.";
    throw conversionError(message, "Give a JSON Schema that is plain JSON.", cause);
  }
}

function nameOf(source: SchemaSource, raw: JsonSchema, options: FormatOptions): string {
  const given = options.name ?? source.name;
  if (given !== undefined) return assertFormatName(given);
  return deriveFormatName(raw, { fromReference: hasNamedDefinitions(source) });
}

/** ArkType numbers its definitions, differently in each run. */
function hasNamedDefinitions({ library }: SchemaSource): boolean {
  return library !== "arktype";
}

function strictOf(source: SchemaSource, options: FormatOptions): boolean {
  const strict: unknown = options.strict ?? source.strict ?? true;
  if (typeof strict === "boolean") return strict;
  throw new OpenbatchError("invalid_option", `strict has to be true or false, found ${describe(strict)}.`, {
    hint: "Leave it out for true.",
  });
}

function descriptionOf(source: SchemaSource, options: FormatOptions): { readonly description?: string } {
  const description: unknown = options.description ?? source.description;
  if (description === undefined) return {};
  if (typeof description === "string") return { description };
  throw new OpenbatchError(
    "invalid_option",
    `A format's description has to be text, found ${describe(description)}.`,
    {
      hint: "Give a string, or leave it out.",
    },
  );
}

type Converted = Pick<Format, "schema" | "leftOut" | "warnings">;

function toLooseSchema(schema: JsonSchema, { problems }: SchemaSource): Converted {
  if (problems.length > 0) throw new SchemaError(problems);
  return { schema, leftOut: [], warnings: [] };
}

function toStrictSchema(raw: JsonSchema, source: SchemaSource): Converted {
  // Effect says of each struct that it is open, and null where its decoder takes nothing but absence.
  const isEffect = source.library === "effect";
  const { schema, leftOut, optional } = strictify(raw, {
    closeOpenObjects: isEffect,
    nullMeansAbsent: !isEffect,
    keepNames: hasNamedDefinitions(source),
  });
  const { nullable, untyped } = libraryAdvice[source.library];
  // What a library could not say is an empty schema, and told of already.
  const told = new Set(source.problems.map(({ pointer }) => pointer));
  const found = validateStrictSchema(schema)
    .filter(({ pointer }) => !told.has(pointer))
    .map((problem) => {
      if (problem.hint === wrapRoot) return { ...problem, hint: hintForRoot(schema, source) };
      const isUntyped = untyped !== undefined && isEmpty(resolvePointer(schema, problem.pointer));
      return isUntyped ? { ...problem, hint: untyped } : problem;
    });
  const errors = [
    ...source.problems,
    ...optional.map((pointer) => optionalProblem(pointer, nullable)),
    ...found.filter(({ severity }) => severity === "error"),
  ];
  if (errors.length > 0) throw new SchemaError(errors);
  const unfit = findUnfit(schema);
  if (unfit.some(({ severity }) => severity === "error")) throw new SchemaError(unfit);
  return { schema, leftOut, warnings: [...found, ...unfit, ...leftOutWarning(leftOut, source)] };
}

/** How to wrap what is no object, in the words of the library. */
function hintForRoot(schema: JsonSchema, { library }: SchemaSource): string {
  const { object, list } = libraryAdvice[library];
  if (object === undefined || list === undefined) return wrapRoot;
  const members = schema.type === "array" ? `items: ${list}` : "result: …";
  return `Wrap it in an object: ${object(members)}.`;
}

function isEmpty(schema: unknown): boolean {
  return isObject(schema) && Object.keys(schema).length === 0;
}

function optionalProblem(pointer: string, hint: string): SchemaProblem {
  const message = "the property is optional; in strict structured output each property is always there.";
  return { pointer, severity: "error", code: "invalid_schema", message, hint };
}

const maxListed = 10;

/** One warning for all the checks that are not sent. */
function leftOutWarning(leftOut: readonly LeftOut[], { validate }: SchemaSource): readonly SchemaProblem[] {
  if (leftOut.length === 0) return [];
  const listed = leftOut.slice(0, maxListed).map(({ pointer, keyword }) => `${keyword} at ${pointer}`);
  const others = leftOut.length - listed.length;
  const shown = others > 0 ? [...listed, `${others} more`].join(", ") : listed.join(", ");
  return [
    {
      pointer: "#",
      severity: "warning",
      code: "schema_constraint",
      message: `checks that the service may refuse are left out of what is sent: ${shown}.`,
      hint:
        validate === undefined
          ? "Check the answers yourself: a plain JSON Schema has no validator."
          : "The schema's own validator still makes them when an answer is parsed.",
    },
  ];
}
