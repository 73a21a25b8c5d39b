import type { Inspection } from "../rule/inspection.js";
import { isObject, type Rule, wrongType } from "../rule/rule.js";
import { type SchemaProblem, validateStrictSchema } from "../strict-schema/strict-schema.js";

/** Any JSON Schema: an object, whatever it says. */
export const schema: Rule = (value, at) => {
  if (!isObject(value)) wrongType(at, "a JSON Schema (an object)", value);
};

/** A schema that is asked for with `strict: true`, held to what the service takes then. */
export function inspectStrictSchema(value: unknown, at: Inspection): void {
  if (!isObject(value)) return;
  for (const { severity, code, pointer, message, hint } of problemsOf(value, isFineTuned(at.model))) {
    at[severity](code, `at ${pointer}: ${message}`, hint);
  }
}

function isFineTuned(model: string | undefined): boolean {
  return model?.startsWith("ft:") ?? false;
}

/** One schema object serves many requests, and is looked at once. */
const known = new WeakMap<object, readonly SchemaProblem[]>();
const knownForFineTuned = new WeakMap<object, readonly SchemaProblem[]>();

function problemsOf(value: object, fineTuned: boolean): readonly SchemaProblem[] {
  const results = fineTuned ? knownForFineTuned : known;
  let problems = results.get(value);
  if (problems === undefined) {
    problems = validateStrictSchema(value, { fineTuned });
    results.set(value, problems);
  }
  return problems;
}
