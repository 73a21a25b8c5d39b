import { appendPointer } from "../../api/index.js";
import type { PlacedSchema } from "./schema-document.js";
import { SchemaFault } from "./schema-fault.js";

/** The number that a keyword holds. */
export function numberAt(place: PlacedSchema, keyword: string): number | undefined {
  const value = valueAt(place, keyword);
  if (value === undefined || typeof value === "number") return value;
  throw new SchemaFault(appendPointer(place.pointer, keyword), "expected a number.");
}

/** The text that a keyword holds. */
export function textAt(place: PlacedSchema, keyword: string): string | undefined {
  const value = valueAt(place, keyword);
  if (value === undefined || typeof value === "string") return value;
  throw new SchemaFault(appendPointer(place.pointer, keyword), "expected a string.");
}

/** The array that a keyword holds. */
export function listAt(place: PlacedSchema, keyword: string): readonly unknown[] | undefined {
  const value = valueAt(place, keyword);
  if (value === undefined || Array.isArray(value)) return value;
  throw new SchemaFault(appendPointer(place.pointer, keyword), "expected an array.");
}

/** What a keyword holds, whatever it is. */
export function valueAt({ schema }: PlacedSchema, keyword: string): unknown {
  return schema === true || schema === false ? undefined : schema[keyword];
}

/** The greatest of a keyword's numbers in schemas that hold together. */
export function greatest(places: readonly PlacedSchema[], keyword: string, otherwise: number): number {
  return places.reduce((found, place) => Math.max(found, numberAt(place, keyword) ?? found), otherwise);
}

/** The smallest of a keyword's numbers in schemas that hold together. */
export function smallest(places: readonly PlacedSchema[], keyword: string, otherwise: number): number {
  return places.reduce((found, place) => Math.min(found, numberAt(place, keyword) ?? found), otherwise);
}
