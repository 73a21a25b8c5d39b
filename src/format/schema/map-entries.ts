import { setOwn } from "./own-property.js";
import type { PlacedSchema } from "./schema-document.js";
import type { Making, NodeSource } from "./value-node.js";

const maxEntries = 3;
const anyName: PlacedSchema = { schema: { type: "string" }, pointer: "#" };

/** The entries of a map, with names of their own. */
interface MapEntries {
  addTo(map: Record<string, unknown>, making: Making): void;
}

/**
 * The entries of an object with no properties of its own that says what its values are: all of them, or those whose names
 * have one pattern. `undefined` where it says nothing of values, or has several patterns, which one name might fit.
 */
export function toMapEntries(
  places: readonly PlacedSchema[],
  { document, nodeFor }: NodeSource,
): MapEntries | undefined {
  const patterns = places.flatMap((place) => document.patternProperties(place));
  const values = places.flatMap(
    (place) =>
      document.patternProperties(place)[0]?.value ?? document.child(place, "additionalProperties") ?? [],
  );
  if (patterns.length > 1 || values.every(({ schema }) => schema === true)) return undefined;
  const names = places.flatMap((place) => document.child(place, "propertyNames") ?? []);
  const name = nodeFor([...names, patterns[0]?.name ?? anyName]);
  const value = nodeFor(values);
  return {
    addTo(map, making) {
      if (Math.max(name.height, value.height) > making.room || making.left <= 0) return;
      for (let left = making.random.between(1, maxEntries); left > 0; left -= 1) {
        setOwn(map, String(name.make(making)), value.make(making));
      }
    },
  };
}
