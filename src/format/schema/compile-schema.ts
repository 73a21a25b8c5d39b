import { hashText } from "../chance/hash-text.js";
import { Random } from "../chance/random.js";
import { runWithin } from "../patterns/run-within.js";
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

/** How long a schema may take, in milliseconds: thousands of times as long as usual. */
const limitMs = 1000;

/** Without these, values are found or given up after a number of trials that takes no such time. */
const slowKeyword = /"(?:pattern|patternProperties|uniqueItems|minItems)":/;

/** Makes up values that fit one schema. */
export type ValueMaker = (random: Random) => unknown;

/**
 * Prepares the making of values that fit a JSON Schema, of the drafts 7 and 2020-12 alike.
 * @throws SchemaFault with a JSON pointer, for a keyword outside {@link isSupportedKeyword}, and where no value was found, or
 * none within a second: a regular expression may take years.
 */
export function compileSchema(schema: unknown): ValueMaker {
  const document = new SchemaDocument(schema);
  let found: { readonly root: ValueNode; readonly sample: unknown } | undefined;
  const find = (): void => {
    const root = new SchemaGraph(document).measured(document.root);
    found = { root, sample: findSample(root) };
  };
  const isInTime = slowKeyword.test(JSON.stringify(schema)) ? runWithin(limitMs, find) : runAll(find);
  if (!isInTime) {
    const pointer = document.pointerInUse ?? "#";
    throw new SchemaFault(pointer, "it takes too long to find a value that fits.", "unfound");
  }
  if (found?.sample === undefined) {
    const kind = found?.root.height === Infinity ? "impossible" : "unfound";
    throw new SchemaFault("#", "no value was found that fits.", kind);
  }
  const { root, sample } = found;
  document.isWatched = document.hasSlowPattern;
  return document.isWatched ? watch(root, sample) : (random) => makeValue(root, random) ?? sample;
}

function runAll(task: () => void): true {
  task();
  return true;
}

/** Values of a schema of which one value may take ages where others don't: then the sample stands in for all. */
function watch(root: ValueNode, sample: unknown): ValueMaker {
  let isSlow = false;
  return (random) => {
    let value: unknown;
    if (!isSlow) {
      isSlow = !runWithin(limitMs, () => {
        value = makeValue(root, random);
      });
    }
    return value ?? sample;
  };
}

/** Stands in where a search fails that succeeded before; never `undefined` where one was found. */
function findSample(root: ValueNode): unknown {
  if (root.height === Infinity) return undefined;
  for (let count = 0; count < maxSamples; count += 1) {
    const value = makeValue(root, new Random(hashText(`sample ${count}`)));
    if (value !== undefined) return value;
  }
  return undefined;
}

function makeValue(root: ValueNode, random: Random): unknown {
  return root.tryMake({ random, room: Math.max(root.height, usualDepth), left: usualValues, spread: 0 });
}
