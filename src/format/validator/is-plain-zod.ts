import { isObject } from "../../api/index.js";

/** What of Zod 4 runs nobody's own code, and shows each of its patterns in its JSON Schema. */
const plainTypes: ReadonlySet<unknown> = new Set([
  ...["string", "number", "boolean", "null", "any", "unknown", "never", "literal", "enum"],
  ...["object", "array", "record", "tuple", "union", "intersection", "optional", "nullable", "default"],
]);
const plainChecks: ReadonlySet<unknown> = new Set([
  ...["string_format", "number_format", "less_than", "greater_than", "multiple_of"],
  ...["min_length", "max_length", "length_equals"],
]);
const maxParts = 10_000;

/** Whether all that a Zod schema does to an answer is to be seen in its JSON Schema: most do no more. */
export function isPlainZod(schema: object): boolean {
  const seen = new Set<unknown>();
  const rest: unknown[] = [schema];
  if (!("_zod" in schema)) return false;
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    if (typeof part !== "object" || part === null || seen.has(part)) continue;
    seen.add(part);
    if (seen.size > maxParts || !isPlain(part)) return false;
    rest.push(...membersOf(part).filter((member) => typeof member === "object"));
  }
  return true;
}

function isPlain(part: object): boolean {
  if (!("_zod" in part)) return true;
  const { type, check } = definitionOf(part);
  if (type === undefined && check === undefined) return false;
  return (type === undefined || plainTypes.has(type)) && (check === undefined || plainChecks.has(check));
}

function membersOf(part: object): readonly unknown[] {
  return Object.values("_zod" in part ? definitionOf(part) : part);
}

function definitionOf(part: { readonly _zod: unknown } | object): Readonly<Record<string, unknown>> {
  const inside = "_zod" in part && isObject(part._zod) ? part._zod.def : undefined;
  return isObject(inside) ? inside : {};
}
