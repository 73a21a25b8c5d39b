import { createRequire } from "node:module";
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import type { JsonSchema } from "../format.js";
import { conversionError } from "../schema-error.js";
import type { Validation, ValidationIssue } from "../validation.js";

interface Ajv {
  /** What ids and references mean, and all schemas that have an id: those of the drafts at first. */
  readonly refs: Record<string, unknown>;
  readonly schemas: Record<string, unknown>;
  compile(schema: object): ValidateFunction;
  removeSchema(schema: object): unknown;
}

interface AjvModule {
  readonly default: new (options: Options) => Ajv;
}

type AddFormats = (ajv: object) => unknown;

const options: Options = {
  allErrors: true,
  // Of schemas that others wrote, as they are: what is unknown is ignored, and nothing is printed.
  strict: false,
  logger: false,
};

/** At most so many issues of one answer are listed. */
const maxIssues = 20;

/**
 * Compiles a plain JSON Schema: of the draft that `$schema` names, else of 2020-12, else of draft-07. Its validator changes
 * nothing in what it checks.
 *
 * @throws SchemaError `invalid_schema`
 */
export function compileJsonSchema(schema: JsonSchema): (answer: unknown) => Validation<unknown> {
  const validate = compile(schema);
  return (answer) => {
    if (validate(answer)) return { value: answer };
    return { issues: (validate.errors ?? []).slice(0, maxIssues).map(toIssue) };
  };
}

function compile(schema: JsonSchema): ValidateFunction {
  const isOld = typeof schema.$schema === "string" && /draft-0[4-7]/.test(schema.$schema);
  // A draft that ajv does not have under its own name is taken for the nearest that it has.
  const { $schema: _draft, ...others } = withPlainReferences(schema);
  let firstCause: unknown;
  for (const draft of isOld ? drafts.slice(1) : drafts) {
    try {
      return compileWith(getAjv(draft), others);
    } catch (cause) {
      firstCause ??= cause;
    }
  }
  throw conversionError("this JSON Schema cannot be compiled.", "Mend the schema.", firstCause);
}

/** ajv doesn't find the anchor of a whole schema; `#` means the same. */
function withPlainReferences(schema: JsonSchema): JsonSchema {
  const { $anchor } = schema;
  if (typeof $anchor !== "string") return schema;
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === "$ref" && value === `#${$anchor}` ? "#" : value,
    ),
  );
}

function compileWith(ajv: Ajv, schema: JsonSchema): ValidateFunction {
  const known = [ajv.refs, ajv.schemas].map((names) => ({ names, before: { ...names } }));
  // Of a schema that says it is a draft itself, its own text counts.
  if (typeof schema.$id === "string") delete ajv.schemas[schema.$id];
  try {
    return ajv.compile(schema);
  } finally {
    // Else it would be held for good, and its ids would be taken.
    ajv.removeSchema(schema);
    for (const { names, before } of known) {
      for (const name of Object.keys(names)) if (!Object.hasOwn(before, name)) delete names[name];
      Object.assign(names, before);
    }
  }
}

interface Draft {
  readonly module: string;
  /** Whether patterns are read strictly. Those of other languages escape more than need be. */
  readonly unicodeRegExp: boolean;
}

const drafts: readonly Draft[] = [
  { module: "ajv/dist/2020.js", unicodeRegExp: true },
  { module: "ajv", unicodeRegExp: false },
];

const instances = new Map<Draft, Ajv>();

/** Loaded for the first plain JSON Schema, and not at all for a schema with a validator of its own. */
function getAjv(draft: Draft): Ajv {
  const known = instances.get(draft);
  if (known !== undefined) return known;
  const require = createRequire(import.meta.url);
  const { default: Ajv } = require(draft.module) as AjvModule;
  const { default: addFormats } = require("ajv-formats") as { readonly default: AddFormats };
  const ajv = new Ajv({ ...options, unicodeRegExp: draft.unicodeRegExp });
  addFormats(ajv);
  instances.set(draft, ajv);
  return ajv;
}

function toIssue({ instancePath, keyword, message = "does not fit" }: ErrorObject): ValidationIssue {
  return { message: `It ${message}.`, rule: `${keyword} (${message})`, path: toPath(instancePath) };
}

function toPath(pointer: string): readonly (string | number)[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~")));
}
