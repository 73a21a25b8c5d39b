import { describe, describeName } from "../rule/describe.js";
import { appendPointer } from "../rule/json-pointer.js";
import { isObject } from "../rule/rule.js";
import { inspectReading } from "./inspect-node.js";
import { inspectBounds } from "./inspect-values.js";
import { strictTypes } from "./keywords.js";
import { findPatternFault } from "./pattern-fault.js";
import type { SchemaProblem } from "./schema-problem.js";
import { SchemaReport } from "./schema-report.js";
import { hasType, walkSchema } from "./walk-schema.js";

type Schema = Readonly<Record<string, unknown>>;

const refusedAtRoot = ["oneOf", "anyOf", "allOf", "enum", "not"];

/**
 * What the service refuses in the parameters of a function although they are not strict.
 * Source: its "Invalid schema for function" answers, as reported in public until November 2026: "array schema missing
 * items", "object schema missing properties", "schema must be a JSON Schema of 'type: "object"'", "must not have
 * 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level", "None is not of type 'array'", "'x' is not of type 'object',
 * 'boolean'", "'x' is not valid under any of the given schemas", "'(' is not a 'regex'". What leaves nothing to choose is only warned of.
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
  inspectForms(node, pointer, report);
  inspectBounds(node, { pointer, report });
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

const numbers =
  "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems".split(
    " ",
  );

/** What keywords hold, whatever it says. */
function inspectForms(node: Schema, pointer: string, report: SchemaReport): void {
  const { properties, enum: listed, pattern } = node;
  if (properties !== undefined) inspectProperties(properties, appendPointer(pointer, "properties"), report);
  if (listed !== undefined && !Array.isArray(listed)) {
    const message = `expected a list of values, found ${describe(listed)}.`;
    report.error(appendPointer(pointer, "enum"), message, "List the values.");
  } else if (listed?.length === 0) {
    report.warning(
      appendPointer(pointer, "enum"),
      "the list of values is empty: nothing fits.",
      "List them.",
    );
  }
  for (const keyword of numbers) {
    const found = node[keyword];
    // An older draft had true and false for some.
    if (found === undefined || typeof found === "number" || typeof found === "boolean") continue;
    const message = `expected a number, found ${describe(found)}.`;
    report.error(appendPointer(pointer, keyword), message, "Give a number.");
  }
  if (typeof pattern === "string")
    inspectReading(findPatternFault(pattern), appendPointer(pointer, "pattern"), report);
}

function inspectProperties(properties: unknown, pointer: string, report: SchemaReport): void {
  if (!isObject(properties)) {
    const message = `expected an object of schemas, found ${describe(properties)}.`;
    return report.error(pointer, message, "Give a schema for each property.");
  }
  for (const [name, schema] of Object.entries(properties)) {
    if (isObject(schema) || typeof schema === "boolean") continue;
    const message = `expected a schema, found ${describe(schema)}.`;
    report.error(appendPointer(pointer, name), message, "Give an object with a type.");
  }
}
