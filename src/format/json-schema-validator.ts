import { createRequire } from "node:module";
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import type { JsonSchema } from "./format.js";
import { conversionError } from "./schema-error.js";
import type { Validation, ValidationIssue } from "./validation.js";

interface AjvModule {
  readonly default: new (options: Options) => { compile(schema: object): ValidateFunction };
}

type AddFormats = (ajv: object) => unknown;

const require = createRequire(import.meta.url);

const options: Options = {
  allErrors: true,
  // Of schemas that others wrote, as they are: what is unknown is ignored, and nothing is printed.
  strict: false,
  logger: false,
  addUsedSchema: false,
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
  const modules = isOld ? ["ajv"] : ["ajv/dist/2020.js", "ajv"];
  // A draft that ajv does not have under its own name is taken for the nearest that it has.
  const { $schema: _draft, ...others } = schema;
  let firstCause: unknown;
  for (const name of modules) {
    try {
      return createAjv(name).compile(others);
    } catch (cause) {
      firstCause ??= cause;
    }
  }
  throw conversionError("this JSON Schema cannot be compiled.", "Mend the schema.", firstCause);
}

/** Loaded for the first plain JSON Schema, and not at all for a schema with a validator of its own. */
function createAjv(module: string) {
  const { default: Ajv } = require(module) as AjvModule;
  const { default: addFormats } = require("ajv-formats") as { readonly default: AddFormats };
  const ajv = new Ajv(options);
  addFormats(ajv);
  return ajv;
}

function toIssue({ instancePath, message }: ErrorObject): ValidationIssue {
  return { message: `It ${message ?? "does not fit"}.`, path: toPath(instancePath) };
}

function toPath(pointer: string): readonly (string | number)[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll("~1", "/").replaceAll("~0", "~")));
}
