import { appendPointer } from "../../api/index.js";
import { valueAt } from "./keyword-values.js";
import type { PlacedSchema } from "./schema-document.js";
import { SchemaFault } from "./schema-fault.js";

const types = ["object", "array", "string", "number", "integer", "boolean", "null"] as const;

export type ValueType = (typeof types)[number];

/** The types that a schema allows: all, where it names none. */
export function typesOf(place: PlacedSchema): readonly ValueType[] {
  const value = valueAt(place, "type");
  if (value === undefined) return types;
  const named = [value].flat();
  return named.map((name) => {
    const type = types.find((known) => known === name);
    if (type === undefined)
      throw new SchemaFault(appendPointer(place.pointer, "type"), "is no type of JSON Schema.");
    return type;
  });
}

export function isOfType(value: unknown, type: ValueType): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const typesByKeyword: Readonly<Record<string, ValueType>> = {
  properties: "object",
  required: "object",
  additionalProperties: "object",
  propertyNames: "object",
  items: "array",
  prefixItems: "array",
  minItems: "array",
  maxItems: "array",
  uniqueItems: "array",
  minLength: "string",
  maxLength: "string",
  pattern: "string",
  format: "string",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
  multipleOf: "number",
};

/**
 * The types to make values of, for schemas that hold together. Where none names a type, the one that their other
 * keywords are about, though any would fit; text where there are none.
 */
export function typesToMake(places: readonly PlacedSchema[]): readonly ValueType[] {
  const lists = places.filter((place) => valueAt(place, "type") !== undefined).map(typesOf);
  const [first, ...others] = lists;
  if (first === undefined) return [impliedType(places)];
  return [...new Set(others.reduce(meet, first))];
}

function meet(left: readonly ValueType[], right: readonly ValueType[]): readonly ValueType[] {
  return left.flatMap((type) => {
    if (right.includes(type)) return type;
    const isWhole =
      type === "integer" ? right.includes("number") : type === "number" && right.includes("integer");
    return isWhole ? "integer" : [];
  });
}

function impliedType(places: readonly PlacedSchema[]): ValueType {
  const keywords = places.flatMap(({ schema }) => Object.keys(schema));
  const keyword = keywords.find((name) => Object.hasOwn(typesByKeyword, name)) ?? "";
  return typesByKeyword[keyword] ?? "string";
}
