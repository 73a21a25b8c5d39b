import { isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";

/** The values that a schema lists, if it lists them. */
export function listedValues(schema: JsonSchema): readonly unknown[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

/** The names of the types that a schema allows, if it says so: by `type`, or by listing values. */
export function typeNames(schema: JsonSchema): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type.map(String);
  return listedValues(schema)?.map(typeNameOf);
}

/** The names of the types that a schema allows, wherever it says so: in its branches, and behind references. */
export function typesWithin(
  schema: unknown,
  resolve: (reference: string) => unknown,
  depth = 0,
): readonly string[] | undefined {
  if (!isObject(schema) || depth > 10) return undefined;
  const inside = (part: unknown) => typesWithin(part, resolve, depth + 1);
  const named = typeNames(schema);
  if (named !== undefined) return named.includes("number") ? [...named, "integer"] : named;
  if (typeof schema.$ref === "string") return inside(resolve(schema.$ref));
  const branches: unknown = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(branches)) {
    const types = branches.map(inside);
    return types.includes(undefined) ? undefined : types.flatMap((names) => names ?? []);
  }
  return Array.isArray(schema.allOf)
    ? schema.allOf.map(inside).find((names) => names !== undefined)
    : undefined;
}

/** Whether no value is of both; where either does not tell, there may be one. */
export function areApart(left?: readonly unknown[], right?: readonly unknown[]): boolean {
  return left !== undefined && right !== undefined && !left.some((value) => right.includes(value));
}

/** Whether null is a value of the schema. `resolve` follows a reference. */
export function allowsNull(schema: unknown, resolve: (reference: string) => unknown, depth = 0): boolean {
  if (!isObject(schema) || depth > 10) return false;
  if (schema.nullable === true || listedValues(schema)?.includes(null)) return true;
  if (schema.enum === undefined && typeNames(schema)?.includes("null")) return true;
  if (typeof schema.$ref === "string" && allowsNull(resolve(schema.$ref), resolve, depth + 1)) return true;
  return [schema.anyOf, schema.oneOf].some(
    (branches) =>
      Array.isArray(branches) && branches.some((branch) => allowsNull(branch, resolve, depth + 1)),
  );
}

/** The schema with its type said, where its values or its other keywords leave no doubt. */
export function withType(schema: JsonSchema): JsonSchema {
  if (schema.type !== undefined || schema.anyOf !== undefined || schema.oneOf !== undefined) return schema;
  const values = listedValues(schema);
  if (values?.some((value) => typeof value === "object" && value !== null)) return schema;
  const names = [...new Set(values?.map(typeNameOf) ?? typeOfMembers(schema))];
  if (names.length === 0) return schema;
  return { type: names.length === 1 ? names[0] : names, ...schema };
}

const typesByKeyword: Readonly<Record<string, string>> = {
  ...ofType(
    "object",
    "properties required additionalProperties unevaluatedProperties minProperties maxProperties",
  ),
  ...ofType("object", "propertyNames patternProperties"),
  ...ofType("array", "items prefixItems additionalItems minItems maxItems uniqueItems contains"),
  ...ofType("string", "minLength maxLength pattern format"),
};

function ofType(type: string, keywords: string): Record<string, string> {
  return Object.fromEntries(keywords.split(" ").map((keyword) => [keyword, type]));
}

/** The schema without keywords that are about other types than its own, for they say nothing there. */
export function withoutForeign(schema: JsonSchema): JsonSchema {
  const names = schema.type === undefined ? undefined : typeNames(schema);
  if (names === undefined) return schema;
  const isForeign = (keyword: string) => {
    const type = Object.hasOwn(typesByKeyword, keyword) ? typesByKeyword[keyword] : undefined;
    return type !== undefined && !names.includes(type);
  };
  if (!Object.keys(schema).some(isForeign)) return schema;
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !isForeign(keyword)));
}

/** `nullable` of OpenAPI, said in JSON Schema. */
export function withNull(schema: JsonSchema): JsonSchema {
  if (schema.nullable !== true) return schema;
  const { nullable: _, ...rest } = schema;
  if (allowsNull(rest, () => undefined)) return rest;
  const isTyped = typeof rest.type === "string" || Array.isArray(rest.type);
  if (!isTyped || rest.anyOf !== undefined || rest.oneOf !== undefined) {
    return { anyOf: [rest, { type: "null" }] };
  }
  const type = [...(typeNames(rest) ?? []), "null"];
  return { ...rest, type, ...(Array.isArray(rest.enum) ? { enum: [...rest.enum, null] } : {}) };
}

function typeOfMembers(schema: JsonSchema): readonly string[] {
  if (schema.properties !== undefined) return ["object"];
  return schema.items !== undefined ? ["array"] : [];
}

function typeNameOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
