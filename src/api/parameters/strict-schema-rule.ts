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

interface Known {
  readonly text: string;
  readonly problems: readonly SchemaProblem[];
}

/** One schema object serves many requests, and is looked at once. */
const byObject = new WeakMap<Validate, WeakMap<object, readonly SchemaProblem[]>>();
/** Lines of one file mostly ask for one schema, as an object of its own each. */
const latest = new WeakMap<Validate, Known>();

function inspectWith(validate: Validate, value: unknown, at: Inspection): void {
  if (!isObject(value)) return;
  const results = byObject.get(validate) ?? new WeakMap<object, readonly SchemaProblem[]>();
  byObject.set(validate, results);
  const problems = results.get(value) ?? recall(validate, value);
  results.set(value, problems);
  for (const { severity, code, pointer, message, hint } of problems) {
    const said = `at ${pointer}: ${message}`;
    if (severity === "error") at.refused(code, said, hint);
    else at.warning(code, said, hint);
  }
}

function recall(validate: Validate, schema: Schema): readonly SchemaProblem[] {
  const text = textOf(schema);
  const known = latest.get(validate);
  if (text !== undefined && known?.text === text) return known.problems;
  const problems = validate(schema);
  if (text !== undefined) latest.set(validate, { text, problems });
  return problems;
}

/** Nothing for what cannot be written as JSON, which is reported elsewhere. */
function textOf(schema: Schema): string | undefined {
  try {
    return JSON.stringify(schema);
  } catch {
    return undefined;
  }
}
