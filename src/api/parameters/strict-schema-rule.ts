import type { Inspection } from "../rule/inspection.js";
import { isObject, type Rule, wrongType } from "../rule/rule.js";
import { validateFunctionSchema } from "../strict-schema/function-schema.js";
import { type SchemaProblem, validateStrictSchema } from "../strict-schema/strict-schema.js";

type Schema = Readonly<Record<string, unknown>>;

/** Any JSON Schema: an object, whatever it says. */
export const schema: Rule = (value, at) => {
  if (!isObject(value)) wrongType(at, "a JSON Schema (an object)", value);
};

/** A schema that is asked for with `strict: true`, held to what the service takes then. */
export function inspectStrictSchema(value: unknown, at: Inspection): void {
  if (isFineTuned(at.model)) inspectWith(validateForFineTuned, value, at);
  else inspectWith(validateStrictSchema, value, at);
}

/** The parameters of a function, held to what the service takes there, strict or not. */
export function inspectFunctionSchema(value: unknown, isStrict: boolean, at: Inspection): void {
  if (isStrict) inspectStrictSchema(value, at);
  else inspectWith(validateFunctionSchema, value, at);
}

type Validate = (schema: Schema) => readonly SchemaProblem[];

const validateForFineTuned: Validate = (schema) => validateStrictSchema(schema, { fineTuned: true });

function isFineTuned(model: string | undefined): boolean {
  return model?.startsWith("ft:") ?? false;
}

/** One schema object serves many requests, and is looked at once. */
const known = new WeakMap<Validate, WeakMap<object, readonly SchemaProblem[]>>();

function inspectWith(validate: Validate, value: unknown, at: Inspection): void {
  if (!isObject(value)) return;
  const results = known.get(validate) ?? new WeakMap<object, readonly SchemaProblem[]>();
  known.set(validate, results);
  const problems = results.get(value) ?? validate(value);
  results.set(value, problems);
  for (const { severity, code, pointer, message, hint } of problems) {
    const said = `at ${pointer}: ${message}`;
    if (severity === "error") at.refused(code, said, hint);
    else at.warning(code, said, hint);
  }
}
