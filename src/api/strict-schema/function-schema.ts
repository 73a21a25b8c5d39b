import { describe, describeName } from "../rule/describe.js";
import { isObject } from "../rule/rule.js";
import { strictTypes } from "./keywords.js";
import type { SchemaProblem } from "./schema-problem.js";
import { SchemaReport } from "./schema-report.js";
import { hasType, walkSchema } from "./walk-schema.js";

type Schema = Readonly<Record<string, unknown>>;

const refusedAtRoot = ["oneOf", "anyOf", "allOf", "enum", "not"];

/**
 * What the service refuses in the parameters of a function although they are not strict.
 * Source: its "Invalid schema for function" answers, as reported in public until November 2026: "array schema missing
 * items", "object schema missing properties", "schema must be a JSON Schema of 'type: "object"'", "must not have
 * 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level", "None is not of type 'array'", "'x' is not valid under any of the
 * given schemas".
 */
export function validateFunctionSchema(schema: Schema): readonly SchemaProblem[] {
  const report = new SchemaReport();
  inspectRoot(schema, report);
  walkSchema(schema, (node, { pointer }) => {
    if (isObject(node)) inspectNode(node, pointer, report);
  });
  return report.problems;
}

function inspectRoot(root: Schema, report: SchemaReport): void {
  const noParameters = 'A function without parameters has {"type":"object","properties":{}}, or none.';
  // Nobody has told what becomes of an empty one.
  if (Object.keys(root).length === 0) return;
  const union = refusedAtRoot.find((keyword) => root[keyword] !== undefined);
  if (union !== undefined) {
    const hint = "Put it into a property, or make one object of its branches.";
    report.error("#", `${describeName(union)} is not permitted at the root.`, hint);
  } else if (root.type !== "object") {
    report.error("#", 'the root has to have the type "object".', 'Add "type":"object".');
  } else if (root.properties === undefined) {
    report.error("#", "an object has to have properties.", noParameters);
  }
}

function inspectNode(node: Schema, pointer: string, report: SchemaReport): void {
  if (hasType(node, "array") && node.items === undefined && node.prefixItems === undefined) {
    report.error(
      pointer,
      "an array has to have items.",
      'Say what its items are: "items":{"type":"string"}.',
    );
  }
  if (node.required !== undefined && !Array.isArray(node.required)) {
    const message = `required has to be a list of names, found ${describe(node.required)}.`;
    report.error(pointer, message, "List names, or leave it out.");
  }
  const types: readonly unknown[] = Array.isArray(node.type) ? node.type : [node.type ?? "object"];
  const unknownType = types.find((name) => !strictTypes.has(name));
  if (unknownType === undefined) return;
  const message = `${describeName(unknownType)} is no type.`;
  report.error(pointer, message, `Use one of ${[...strictTypes].join(", ")}.`);
}
