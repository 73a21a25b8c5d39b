import { hashText } from "../hash-text.js";
import { Random } from "../random.js";
import { SchemaDocument } from "./schema-document.js";
import { SchemaFault } from "./schema-fault.js";
import { SchemaGraph } from "./schema-graph.js";
import type { ValueNode } from "./value-node.js";

/** How deep values get that may be deeper or not. */
const usualDepth = 6;
/** How many values there are in one, where there may be more or fewer. */
const usualValues = 200;
/** How often a first value is sought before the schema counts as one that nothing fits. */
const maxSamples = 20;

/** Makes up values that fit one schema. */
export type ValueMaker = (random: Random) => unknown;

/**
 * Prepares the making of values that fit a JSON Schema, of the drafts 7 and 2020-12 alike.
 * @throws SchemaFault with a JSON pointer, for a keyword outside {@link isSupportedKeyword}, and where no value was found.
 */
export function compileSchema(schema: unknown): ValueMaker {
  const root = new SchemaGraph(new SchemaDocument(schema)).measuredRoot();
  const sample = findSample(root);
  if (sample === undefined) throw new SchemaFault("#", "no value was found that fits.");
  return (random) => makeValue(root, random) ?? sample.value;
}

/** Stands in where a search fails that succeeded before. */
function findSample(root: ValueNode): { readonly value: unknown } | undefined {
  if (root.height === Infinity) return undefined;
  for (let count = 0; count < maxSamples; count += 1) {
    const value = makeValue(root, new Random(hashText(`sample ${count}`)));
    if (value !== undefined) return { value };
  }
  return undefined;
}

function makeValue(root: ValueNode, random: Random): unknown {
  return root.tryMake({ random, room: Math.max(root.height, usualDepth), left: usualValues, spread: 0 });
}
