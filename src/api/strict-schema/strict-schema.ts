import { describe } from "../rule/describe.js";
import { isObject } from "../rule/rule.js";
import { inspectNode } from "./inspect-node.js";
import type { SchemaProblem } from "./schema-problem.js";
import { SchemaReport } from "./schema-report.js";
import { SchemaSize } from "./schema-size.js";
import { walkSchema } from "./walk-schema.js";
import { wrapRoot } from "./wrap-root.js";

export type { SchemaProblem } from "./schema-problem.js";

export interface StrictSchemaOptions {
  /** Whether the model is a fine-tuned one, which takes fewer keywords. By default it is not. */
  readonly fineTuned?: boolean;
}

/**
 * Everything in a JSON Schema that structured outputs with `strict: true` refuse (errors) or may refuse (warnings).
 * Never throws, whatever the value is. A keyword that the service's guide does not list is an error, because the
 * service answers 400 to it; the common ones that check nothing (`examples`, `$id`, `deprecated`, …) are warnings,
 * because nobody has seen them refused. Only objects count as levels of nesting.
 * Source: OpenAI's structured outputs guide and answers of the service, November 2026.
 */
export function validateStrictSchema(
  schema: unknown,
  { fineTuned = false }: StrictSchemaOptions = {},
): readonly SchemaProblem[] {
  const report = new SchemaReport();
  if (!isObject(schema)) {
    report.error("#", `expected a JSON Schema, found ${describe(schema)}.`, "Give an object.");
    return report.problems;
  }
  inspectRoot(schema, report);
  const size = new SchemaSize(report);
  walkSchema(schema, (node, place) => {
    inspectNode(node, { pointer: place.pointer, root: schema, report, fineTuned });
    size.add(node, place);
  });
  size.report();
  return report.problems;
}

function inspectRoot(root: Readonly<Record<string, unknown>>, report: SchemaReport): void {
  if (root.$ref !== undefined) {
    report.error("#", "the root is a $ref; it has to be an object.", "Put what it refers to in its place.");
  } else if (root.anyOf !== undefined || root.oneOf !== undefined) {
    report.error("#", "the root is a union; it has to be a single object.", wrapRoot);
  } else if (root.type !== "object") {
    report.error("#", `the root has to have the type "object", found ${describeType(root.type)}.`, wrapRoot);
  }
}

function describeType(type: unknown): string {
  if (type === undefined) return "none";
  return typeof type === "string" && type.length < 20 ? JSON.stringify(type) : describe(type);
}
