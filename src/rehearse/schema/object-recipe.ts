import { isObject } from "../../api/index.js";
import { fitsSchema } from "./fits-schema.js";
import { listAt, valueAt } from "./keyword-values.js";
import type { SchemaPlace } from "./schema-document.js";
import { type Making, type NodeSource, nothing, type Recipe, type ValueNode } from "./value-node.js";

/** How many of the properties that may be absent are there. */
const presentShare = 0.75;
const usualEntries = 3;
const anyName: SchemaPlace = { schema: { type: "string" }, pointer: "#" };

interface Property {
  readonly name: string;
  readonly isRequired: boolean;
  readonly node: ValueNode;
}

/** Objects with all required properties, most of the others, and, where they are maps, entries of their own. */
export function toObjectRecipe(places: readonly SchemaPlace[], source: NodeSource): Recipe {
  const required = new Set(places.flatMap((place) => (listAt(place, "required") ?? []).map(String)));
  const names = new Set([...places.flatMap(propertyNames), ...required]);
  const properties: Property[] = [];
  for (const name of names) {
    const isRequired = required.has(name);
    if (isAllowed(name, places, source)) {
      properties.push({ name, isRequired, node: nodeOf(name, places, source) });
    } else if (isRequired) {
      return nothing;
    }
  }
  const entries = properties.length === 0 ? toEntries(places, source) : undefined;
  return {
    measure: () =>
      1 + Math.max(-1, ...properties.map(({ isRequired, node }) => (isRequired ? node.height : -1))),
    make(making) {
      const value: Record<string, unknown> = {};
      making.room -= 1;
      for (const { name, isRequired, node } of properties) {
        if (isRequired || isWanted(node, making)) setOwn(value, name, node.make(making));
      }
      if (entries !== undefined && making.room > 0) addEntries(value, entries, making);
      making.room += 1;
      return value;
    },
  };
}

function isWanted({ height }: ValueNode, { random, room, left }: Making): boolean {
  return height <= room && left > 0 && random.chance(presentShare);
}

function propertyNames(place: SchemaPlace): readonly string[] {
  const properties = valueAt(place, "properties");
  return isObject(properties) ? Object.keys(properties) : [];
}

function isAllowed(name: string, places: readonly SchemaPlace[], { document }: NodeSource): boolean {
  return places.every((place) => {
    const names = document.child(place, "propertyNames");
    return names === undefined || fitsSchema(name, names, document);
  });
}

/** What each schema says of a property: under its name, or else of all others. */
function nodeOf(name: string, places: readonly SchemaPlace[], { document, nodeFor }: NodeSource): ValueNode {
  return nodeFor(
    places.flatMap(
      (place) =>
        document.named(place, "properties", name) ?? document.child(place, "additionalProperties") ?? [],
    ),
  );
}

interface Entries {
  readonly name: ValueNode;
  readonly value: ValueNode;
}

/** The entries of a map: an object with no properties of its own that says what its values are. */
function toEntries(places: readonly SchemaPlace[], { document, nodeFor }: NodeSource): Entries | undefined {
  const values = places.flatMap((place) => document.child(place, "additionalProperties") ?? []);
  if (values.every(({ schema }) => schema === true)) return undefined;
  const names = places.flatMap((place) => document.child(place, "propertyNames") ?? []);
  return { name: nodeFor([...names, anyName]), value: nodeFor(values) };
}

function addEntries(object: Record<string, unknown>, { name, value }: Entries, making: Making): void {
  if (name.height > making.room || value.height > making.room) return;
  for (let left = making.random.between(1, usualEntries); left > 0; left -= 1) {
    setOwn(object, String(name.make(making)), value.make(making));
  }
}

/** An assignment to `__proto__` would set no property. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}
