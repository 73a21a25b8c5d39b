import { describe, describeName } from "../rule/describe.js";
import { appendPointer } from "../rule/json-pointer.js";
import { isObject } from "../rule/rule.js";
import type { SchemaReport } from "./schema-report.js";

type Schema = Readonly<Record<string, unknown>>;

/** Reports where an object schema is open, or has properties that need not be there. */
export function inspectObject(schema: Schema, pointer: string, report: SchemaReport): void {
  inspectOpenness(schema, pointer, report);
  const { properties } = schema;
  // A map is refused for what it is.
  const isMap = isObject(schema.additionalProperties) || schema.patternProperties !== undefined;
  if (properties === undefined) {
    if (isMap) return;
    report.error(
      pointer,
      "an object has to have properties.",
      'Name them; one without any has "properties":{}.',
    );
  } else if (!isObject(properties)) {
    const message = `expected an object of schemas, found ${describe(properties)}.`;
    report.error(appendPointer(pointer, "properties"), message, "Give a schema for each property.");
  }
  const { required = [] } = schema;
  inspectRequired(required, isObject(properties) ? properties : {}, { pointer, report });
}

function inspectOpenness({ additionalProperties }: Schema, pointer: string, report: SchemaReport): void {
  if (additionalProperties === false) return;
  const at = appendPointer(pointer, "additionalProperties");
  if (isObject(additionalProperties)) {
    const fix = "Name each property, or use an array of objects that have a key and a value.";
    report.error(at, "an object with names of any kind is not permitted in a strict schema.", fix);
  } else {
    const found = additionalProperties === undefined ? "missing" : describe(additionalProperties);
    const message = `an object has to be closed; additionalProperties is ${found}.`;
    report.error(pointer, message, "Add additionalProperties: false.");
  }
}

interface ObjectPlace {
  readonly pointer: string;
  readonly report: SchemaReport;
}

function inspectRequired(required: unknown, properties: Schema, { pointer, report }: ObjectPlace): void {
  const at = appendPointer(pointer, "required");
  if (!Array.isArray(required))
    return report.error(at, `expected a list of names, found ${describe(required)}.`, "List every property.");
  const listed = new Set<unknown>(required);
  for (const name of Object.keys(properties)) {
    if (listed.has(name)) continue;
    const hint = 'List it in required; where it may be absent, let it be null: "type":["string","null"].';
    report.error(
      appendPointer(appendPointer(pointer, "properties"), name),
      "the property is optional.",
      hint,
    );
  }
  for (const name of listed) {
    if (typeof name === "string" && Object.hasOwn(properties, name)) continue;
    report.error(
      at,
      `${describeName(name)} is required but is no property.`,
      "Add it to properties, or leave it out.",
    );
  }
}
