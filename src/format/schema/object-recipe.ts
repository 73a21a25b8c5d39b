import { isObject } from "../../api/index.js";
import { fitsSchema } from "./fits-schema.js";
import { listAt, valueAt } from "./keyword-values.js";
import { toMapEntries } from "./map-entries.js";
import { setOwn } from "./own-property.js";
import type { PlacedSchema } from "./schema-document.js";
import { type Making, type NodeSource, nothing, type Recipe, type ValueNode } from "./value-node.js";

/** How many of the properties that may be absent are there. */
const presentShare = 0.75;

interface Property {
  readonly name: string;
  readonly isRequired: boolean;
  readonly node: ValueNode;
}

/** Objects with all required properties, most of the others, and, where they are maps, entries of their own. */
export function toObjectRecipe(places: readonly PlacedSchema[], source: NodeSource): Recipe {
  const required = new Set(places.flatMap((place) => (listAt(place, "required") ?? []).map(String)));
  const names = new Set([...places.flatMap(propertyNames), ...required]);
  const properties: Property[] = [];
  for (const name of names) {
    const isRequired = required.has(name);
    if (isAllowed(name, places, source)) {
      properties.push({
        name,
        isRequired,
        node: source.nodeFor(places.flatMap((place) => source.document.propertyAt(place, name))),
      });
    } else if (isRequired) {
      return nothing;
    }
  }
  const entries = properties.length === 0 ? toMapEntries(places, source) : undefined;
  return {
    measure: () =>
      1 + Math.max(-1, ...properties.map(({ isRequired, node }) => (isRequired ? node.height : -1))),
    make(making) {
      const value: Record<string, unknown> = {};
      making.room -= 1;
      for (const { name, isRequired, node } of properties) {
        if (isRequired) setOwn(value, name, node.make(making));
        else if (isWanted(node, making)) setOptional(value, name, node.tryMake(making));
      }
      entries?.addTo(value, making);
      making.room += 1;
      return value;
    },
  };
}

/** What may be absent is so where no value was found. */
function setOptional(object: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) setOwn(object, name, value);
}

function isWanted({ height }: ValueNode, { random, room, left }: Making): boolean {
  return height <= room && left > 0 && random.chance(presentShare);
}

function propertyNames(place: PlacedSchema): readonly string[] {
  const properties = valueAt(place, "properties");
  return isObject(properties) ? Object.keys(properties) : [];
}

function isAllowed(name: string, places: readonly PlacedSchema[], { document }: NodeSource): boolean {
  return places.every((place) => {
    const names = document.child(place, "propertyNames");
    return names === undefined || fitsSchema(name, names, document);
  });
}
