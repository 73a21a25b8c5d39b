import { annotationKeywords, isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { isSameJson } from "../schema/same-json.js";

/** Puts two values of one keyword together. `undefined` if there is no value that says both. */
type Merge = (left: unknown, right: unknown) => unknown;

/**
 * One schema that says what all of these say together, or `undefined` if the keywords contradict each other or
 * cannot be written as one. A check of which only one can stay is told to `onLeftOut`.
 */
export function mergeSchemas(
  schemas: readonly JsonSchema[],
  onLeftOut: (keyword: string) => void,
): JsonSchema | undefined {
  if (schemas.some((schema) => isClosedTo(schema, schemas))) return undefined;
  const merged = new Map<string, unknown>();
  for (const [keyword, value] of schemas.flatMap((schema) => Object.entries(schema))) {
    const known = merged.get(keyword);
    if (known === undefined || isSameJson(known, value)) {
      merged.set(keyword, value);
    } else if (keyword === "pattern" || keyword === "format") {
      onLeftOut(keyword);
    } else {
      const together = mergeOf(keyword)(known, value);
      if (together === undefined) return undefined;
      merged.set(keyword, together);
    }
  }
  return Object.fromEntries(merged);
}

/** Whether a schema is closed to a property that another of them has: then no object has both. */
function isClosedTo(schema: JsonSchema, others: readonly JsonSchema[]): boolean {
  if (schema.additionalProperties !== false) return false;
  const own = isObject(schema.properties) ? schema.properties : {};
  return others.some(
    ({ properties }) =>
      isObject(properties) && Object.keys(properties).some((name) => !Object.hasOwn(own, name)),
  );
}

const greater: Merge = (left, right) => Math.max(Number(left), Number(right));
const smaller: Merge = (left, right) => Math.min(Number(left), Number(right));
const latter: Merge = (_, right) => right;
const both: Merge = (left, right) => ({ allOf: [left, right] });

/** So many branches at the most come of two lists of them. */
const maxBranches = 100;

/** Each branch of one with each of the other: a value that fits one of each fits both together. */
const each: Merge = (left, right) => {
  if (!Array.isArray(left) || !Array.isArray(right) || left.length * right.length > maxBranches)
    return undefined;
  return left.flatMap((one: unknown) => right.map((other: unknown) => both(one, other)));
};

const mergesByKeyword: ReadonlyMap<string, Merge> = new Map([
  ["anyOf", each],
  ["oneOf", each],
  ["additionalProperties", (left, right) => (left === false || right === false ? false : undefined)],
  ["definitions", latter],
  ["description", latter],
  ["default", latter],
  [
    "enum",
    (left, right) =>
      listsOf(left, right, (value, others) => others.some((other) => isSameJson(value, other))),
  ],
  ["items", both],
  ["properties", mergeProperties],
  ["required", (left, right) => unionOf(left, right)],
  ["title", latter],
  ["type", mergeTypes],
  ["uniqueItems", (left, right) => left === true || right === true],
  ["$defs", latter],
  ["$schema", latter],
  ...["minimum", "exclusiveMinimum", "minItems", "minLength", "minProperties"].map(
    (keyword): [string, Merge] => [keyword, greater],
  ),
  ...["maximum", "exclusiveMaximum", "maxItems", "maxLength", "maxProperties"].map(
    (keyword): [string, Merge] => [keyword, smaller],
  ),
]);

function mergeOf(keyword: string): Merge {
  return mergesByKeyword.get(keyword) ?? (annotationKeywords.has(keyword) ? latter : () => undefined);
}

function mergeProperties(left: unknown, right: unknown): unknown {
  if (!isObject(left) || !isObject(right)) return undefined;
  const merged = new Map(Object.entries(left));
  for (const [name, schema] of Object.entries(right)) {
    const known = merged.get(name);
    merged.set(name, known === undefined || isSameJson(known, schema) ? schema : both(known, schema));
  }
  return Object.fromEntries(merged);
}

function mergeTypes(left: unknown, right: unknown): unknown {
  const types = listsOf([left].flat(), [right].flat(), (name, others) => isTypeOf(name, others));
  return Array.isArray(types) && types.length === 1 ? types[0] : types;
}

function isTypeOf(name: unknown, others: readonly unknown[]): boolean {
  return others.includes(name) || (name === "integer" && others.includes("number"));
}

/** The members of either list that the other allows; `undefined` if there are none. */
function listsOf(
  left: unknown,
  right: unknown,
  isAllowed: (value: unknown, others: readonly unknown[]) => boolean,
): readonly unknown[] | undefined {
  if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
  const common = [
    ...left.filter((value) => isAllowed(value, right)),
    ...right.filter((value) => isAllowed(value, left) && !left.includes(value)),
  ];
  return common.length === 0 ? undefined : common;
}

function unionOf(left: unknown, right: unknown): readonly unknown[] | undefined {
  return Array.isArray(left) && Array.isArray(right) ? [...new Set([...left, ...right])] : undefined;
}
