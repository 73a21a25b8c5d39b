import type { Random } from "../chance/random.js";
import { Unmakeable } from "../patterns/unmakeable.js";
import type { PlacedSchema, SchemaDocument } from "./schema-document.js";

/** More values in one are not made up, even where the schema asks for them. */
const maxNeeded = 100_000;

/** One place in a value, with the way in which it is made. */
export class ValueNode {
  /** How many objects and arrays the shallowest value is deep; infinite where no value ends, or none fits. */
  height = Infinity;
  recipe: Recipe = nothing;

  /** @throws Unmakeable where no value was found. */
  make(making: Making): unknown {
    making.left -= 1;
    if (making.left < -maxNeeded) throw new Unmakeable();
    return this.recipe.make(making);
  }

  /** A value, which is never `undefined` by itself, or `undefined` where none was found. */
  tryMake(making: Making): unknown {
    const { room } = making;
    try {
      return this.make(making);
    } catch (error) {
      if (!(error instanceof Unmakeable)) throw error;
      making.room = room;
      return undefined;
    }
  }
}

export interface Recipe {
  /** The height, as far as the heights of its parts are known by now. */
  measure(): number;
  /** @throws Unmakeable where no value was found. */
  make(making: Making): unknown;
}

/** The state of one value in the making. */
export interface Making {
  readonly random: Random;
  /** How much deeper it may still get where there is a choice. */
  room: number;
  /** How many values may still come where there is a choice. */
  left: number;
  /** How much more values are to differ from one another than usual, from 0; grows where too many are the same. */
  spread: number;
}

/** What a recipe needs to know to be written. */
export interface NodeSource {
  readonly document: SchemaDocument;
  /** The node for values that fit all of these schemas at once. */
  nodeFor(places: readonly PlacedSchema[]): ValueNode;
}

/** The recipe of what nothing fits. */
export const nothing: Recipe = {
  measure: () => Infinity,
  make: () => {
    throw new Unmakeable();
  },
};
