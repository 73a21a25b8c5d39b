import { appendPointer } from "../rule/json-pointer.js";
import { isObject } from "../rule/rule.js";

export interface SchemaPlace {
  readonly pointer: string;
  /** How many objects lie around this schema within its root or definition, itself not counted. */
  readonly objectDepth: number;
}

/** What is below this many schemas is not looked at; far beyond what the service takes. */
const maxDepth = 200;

const schemaKeywords = ["items", "additionalProperties"];
const schemaListKeywords = ["anyOf", "oneOf", "items"];
const schemaMapKeywords = ["properties", "$defs", "definitions"];

/**
 * Visits a schema and all schemas in it, in the order in which they are written, each object once.
 * Follows no `$ref`: what it points to is visited where it is defined.
 */
export function walkSchema(root: unknown, visit: (schema: unknown, place: SchemaPlace) => void): void {
  const seen = new Set<unknown>();
  descend(root, { pointer: "#", objectDepth: 0 }, 0);

  function descend(schema: unknown, place: SchemaPlace, depth: number): void {
    if (depth > maxDepth || seen.has(schema)) return;
    if (isObject(schema)) seen.add(schema);
    visit(schema, place);
    if (!isObject(schema)) return;
    const inside = place.objectDepth + (isObjectSchema(schema) ? 1 : 0);
    for (const { keyword, key, child } of childrenOf(schema)) {
      const pointer = appendPointer(place.pointer, keyword);
      const objectDepth = keyword === "$defs" || keyword === "definitions" ? 0 : inside;
      const at = key === undefined ? pointer : appendPointer(pointer, key);
      descend(child, { pointer: at, objectDepth }, depth + 1);
    }
  }
}

/** Whether a schema describes objects, by its type or by its properties. */
export function isObjectSchema(schema: Readonly<Record<string, unknown>>): boolean {
  return hasType(schema, "object") || schema.properties !== undefined;
}

export function hasType(schema: Readonly<Record<string, unknown>>, type: string): boolean {
  return schema.type === type || (Array.isArray(schema.type) && schema.type.includes(type));
}

interface Child {
  readonly keyword: string;
  readonly key?: string | number;
  readonly child: unknown;
}

function* childrenOf(schema: Readonly<Record<string, unknown>>): Iterable<Child> {
  for (const [keyword, value] of Object.entries(schema)) {
    if (schemaMapKeywords.includes(keyword) && isObject(value)) {
      for (const [key, child] of Object.entries(value)) yield { keyword, key, child };
    } else if (schemaListKeywords.includes(keyword) && Array.isArray(value)) {
      for (const [key, child] of value.entries()) yield { keyword, key, child };
    } else if (schemaKeywords.includes(keyword) && isObject(value)) {
      yield { keyword, child: value };
    }
  }
}
