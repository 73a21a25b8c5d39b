import { isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { areApart, listedValues, typeNames } from "./value-types.js";

type Resolve = (reference: string) => unknown;

/** Whether no value can match two of these schemas, as far as their types and literals tell. */
export function areExclusive(branches: readonly unknown[], resolve: Resolve): boolean {
  const targets = branches.map((branch) => follow(branch, resolve));
  return targets.every((left, index) =>
    targets
      .slice(index + 1)
      .every((right) => isApart(left, right) || haveDiscriminator(left, right, resolve)),
  );
}

function follow(schema: unknown, resolve: Resolve): JsonSchema {
  if (!isObject(schema)) return {};
  const target = typeof schema.$ref === "string" ? resolve(schema.$ref) : schema;
  return isObject(target) ? target : {};
}

function isApart(left: JsonSchema, right: JsonSchema): boolean {
  return areApart(listedValues(left), listedValues(right)) || areApart(numeric(left), numeric(right));
}

/** Every integer is a number. */
function numeric(schema: JsonSchema): readonly string[] | undefined {
  return typeNames(schema)?.map((name) => (name === "integer" ? "number" : name));
}

/** Whether both are objects with a required property whose literals keep them apart. */
function haveDiscriminator(left: JsonSchema, right: JsonSchema, resolve: Resolve): boolean {
  return requiredNames(left).some((name) => {
    if (!requiredNames(right).includes(name)) return false;
    return areApart(valuesOf(left, name, resolve), valuesOf(right, name, resolve));
  });
}

function requiredNames({ required }: JsonSchema): readonly unknown[] {
  return Array.isArray(required) ? required : [];
}

function valuesOf(
  { properties }: JsonSchema,
  name: unknown,
  resolve: Resolve,
): readonly unknown[] | undefined {
  const property = isObject(properties) ? properties[String(name)] : undefined;
  return listedValues(follow(property, resolve));
}
