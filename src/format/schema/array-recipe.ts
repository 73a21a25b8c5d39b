import { Unmakeable } from "../patterns/unmakeable.js";
import { greatest, smallest, valueAt } from "./keyword-values.js";
import { toCanonical } from "./same-json.js";
import type { PlacedSchema } from "./schema-document.js";
import { type Making, type NodeSource, nothing, type Recipe, type ValueNode } from "./value-node.js";

/** More elements are not made up. */
const maxItems = 100_000;
/** How many elements more than it must have an array has at most. */
const usualItems = 3;

/** Arrays whose elements fit, each at its place. */
export function toArrayRecipe(places: readonly PlacedSchema[], source: NodeSource): Recipe {
  const min = greatest(places, "minItems", 0);
  if (min > smallest(places, "maxItems", Infinity)) return nothing;
  const max = smallest(places, "maxItems", Math.max(min, maxItems));
  const isUnique = places.some((place) => valueAt(place, "uniqueItems") === true);
  const firsts = Math.max(...places.map((place) => source.document.firstItems(place).length));
  const nodes = Array.from({ length: Math.min(firsts, max) }, (_, index) => nodeAt(places, index, source));
  const rest = nodeAt(places, firsts, source);
  const nodeOf = (index: number): ValueNode => nodes[index] ?? rest;

  return { measure: () => 1 + heightOf(min), make };

  function heightOf(length: number): number {
    const ones = nodes.slice(0, length).map(({ height }) => height);
    return Math.max(-1, ...ones, length > nodes.length ? rest.height : -1);
  }

  function make(making: Making): unknown[] {
    const length = chooseLength(making);
    const items: unknown[] = [];
    const seen = new Set<string>();
    making.room -= 1;
    while (items.length < length) {
      const node = nodeOf(items.length);
      const item = isUnique ? tryUnlike(seen, node, making) : node.tryMake(making);
      if (item === undefined) break;
      items.push(item);
    }
    making.room += 1;
    if (items.length < min) throw new Unmakeable();
    return items;
  }

  function chooseLength({ random, room, left }: Making): number {
    if (room <= 0 || left <= 0) return min;
    const wanted = Math.min(max, Math.max(nodes.length, Math.max(1, min) + random.below(usualItems)));
    let length = min;
    while (length < wanted && nodeOf(length).height < room) length += 1;
    return length;
  }
}

function nodeAt(
  places: readonly PlacedSchema[],
  index: number,
  { document, nodeFor }: NodeSource,
): ValueNode {
  return nodeFor(
    places.flatMap((place) => document.firstItems(place)[index] ?? document.otherItems(place) ?? []),
  );
}

const maxTrials = 200;
const trialsPerSpread = 10;

/** A value that is none of those seen, or `undefined` where none was found. */
function tryUnlike(seen: Set<string>, node: ValueNode, making: Making): unknown {
  const { spread } = making;
  for (let trial = 1; trial <= maxTrials; trial += 1) {
    const item = node.tryMake(making);
    const text = toCanonical(item);
    if (item === undefined || !seen.has(text)) {
      making.spread = spread;
      seen.add(text);
      return item;
    }
    if (trial % trialsPerSpread === 0) making.spread += 1;
  }
  making.spread = spread;
  return undefined;
}
