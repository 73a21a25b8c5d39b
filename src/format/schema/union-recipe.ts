import { Unmakeable } from "../patterns/unmakeable.js";
import { fitsSchema } from "./fits-schema.js";
import type { PlacedSchema, SchemaDocument } from "./schema-document.js";
import type { Making, Recipe, ValueNode } from "./value-node.js";

export interface UnionOption {
  readonly node: ValueNode;
  readonly isNull: boolean;
  /** What a value of this option must not fit. */
  readonly others: readonly PlacedSchema[];
}

/** How many of the values that may be null are. */
const nullShare = 0.2;
/** How often a value that fits only one branch is sought. */
const maxTrials = 20;

/** Values of any option. Where little room is left, of those that end soonest. */
export function toUnionRecipe(options: readonly UnionOption[], document: SchemaDocument): Recipe {
  return {
    measure: () => Math.min(Infinity, ...options.map(({ node }) => node.height)),
    make(making) {
      for (const option of order(options, making)) {
        const value = tryOption(option, making, document);
        if (value !== undefined) return value;
      }
      throw new Unmakeable();
    },
  };
}

/** The options in the order in which they are tried. */
function order(options: readonly UnionOption[], { random, room, left }: Making): readonly UnionOption[] {
  const lowest = Math.min(...options.map(({ node }) => node.height));
  const limit = left > 0 ? Math.max(room, lowest) : lowest;
  const possible = options.filter(({ node }) => node.height <= limit && node.height < Infinity);
  const wanted = possible.filter(({ isNull }) => !isNull);
  const nulls = possible.filter(({ isNull }) => isNull);
  if (nulls.length > 0 && random.chance(nullShare)) return [...nulls, ...wanted];
  const first = random.below(wanted.length);
  return [...wanted.slice(first), ...wanted.slice(0, first), ...nulls];
}

function tryOption({ node, others }: UnionOption, making: Making, document: SchemaDocument): unknown {
  for (let trial = 0; trial < maxTrials; trial += 1) {
    const value = node.tryMake(making);
    if (value === undefined || !others.some((place) => fitsSchema(value, place, document))) return value;
  }
  return undefined;
}
