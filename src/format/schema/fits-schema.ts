import { isObject } from "../../api/index.js";
import { greatest, listAt, smallest, valueAt } from "./keyword-values.js";
import { fitsNumber } from "./number-recipe.js";
import { isSameJson } from "./same-json.js";
import type { PlacedSchema, SchemaDocument } from "./schema-document.js";
import { fitsText } from "./string-recipe.js";
import { isOfType, typesOf } from "./value-type.js";

/** Deeper than any value that is looked at; only references that go round in a circle get there. */
const maxDepth = 500;

/** Whether a value fits a schema, by the keywords for which values are made up. */
export function fitsSchema(value: unknown, place: PlacedSchema, document: SchemaDocument): boolean {
  return fits(value, place, 0);

  function fits(value: unknown, place: PlacedSchema, depth: number): boolean {
    if (typeof place.schema === "boolean") return place.schema;
    if (depth > maxDepth) return false;
    const inside = (child: unknown, at: PlacedSchema): boolean => fits(child, at, depth + 1);
    return (
      fitsItself(value, place) &&
      fitsBranches(value, place, inside) &&
      (!isObject(value) || fitsObject(value, place, inside)) &&
      (!Array.isArray(value) || fitsArray(value, place, inside))
    );
  }

  function fitsItself(value: unknown, place: PlacedSchema): boolean {
    const values = listAt(place, "enum");
    const constant = valueAt(place, "const");
    return (
      typesOf(place).some((type) => isOfType(value, type)) &&
      (values === undefined || values.some((other) => isSameJson(value, other))) &&
      (constant === undefined || isSameJson(value, constant)) &&
      (typeof value !== "number" || fitsNumber(value, place)) &&
      (typeof value !== "string" || fitsText(value, place, document))
    );
  }

  type Fits = (value: unknown, place: PlacedSchema) => boolean;

  function fitsBranches(value: unknown, place: PlacedSchema, inside: Fits): boolean {
    const target = document.target(place);
    const isFitting = (branch: PlacedSchema): boolean => inside(value, branch);
    return (
      (target === undefined || inside(value, target)) &&
      document.list(place, "allOf")?.every(isFitting) !== false &&
      document.list(place, "anyOf")?.some(isFitting) !== false &&
      (document.list(place, "oneOf")?.filter(isFitting).length ?? 1) === 1
    );
  }

  function fitsObject(value: Readonly<Record<string, unknown>>, place: PlacedSchema, inside: Fits): boolean {
    const names = Object.keys(value);
    const keys = document.child(place, "propertyNames");
    return (
      (listAt(place, "required") ?? []).every((name) => Object.hasOwn(value, String(name))) &&
      names.every(
        (name) =>
          (keys === undefined || inside(name, keys)) &&
          document.propertyAt(place, name).every((own) => inside(value[name], own)),
      )
    );
  }

  function fitsArray(value: readonly unknown[], place: PlacedSchema, inside: Fits): boolean {
    const isUnique = valueAt(place, "uniqueItems") === true;
    return (
      value.length >= greatest([place], "minItems", 0) &&
      value.length <= smallest([place], "maxItems", Infinity) &&
      (!isUnique ||
        value.every((item, index) => !value.slice(0, index).some((other) => isSameJson(item, other)))) &&
      value.every((item, index) => {
        const at = document.firstItems(place)[index] ?? document.otherItems(place);
        return at === undefined || inside(item, at);
      })
    );
  }
}
