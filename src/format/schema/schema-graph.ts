import { toArrayRecipe } from "./array-recipe.js";
import { fitsSchema } from "./fits-schema.js";
import { listAt, valueAt } from "./keyword-values.js";
import { toNumberRecipe } from "./number-recipe.js";
import { toObjectRecipe } from "./object-recipe.js";
import type { ObjectPlace, PlacedSchema, SchemaDocument, SchemaObject } from "./schema-document.js";
import { SchemaFault } from "./schema-fault.js";
import { toStringRecipe } from "./string-recipe.js";
import { toUnionRecipe, type UnionOption } from "./union-recipe.js";
import { type NodeSource, nothing, type Recipe, ValueNode } from "./value-node.js";
import { typesToMake, type ValueType } from "./value-type.js";

/** More nodes are not laid out: a schema of the service has at most 5,000 properties. */
const maxNodes = 50_000;
/** More mixtures of branches, of several unions at one place, are not looked at. */
const maxMixtures = 2_000;

/** A branch that was taken at a schema's `anyOf` or `oneOf`. */
interface TakenBranch {
  readonly schema: SchemaObject;
  readonly keyword: "anyOf" | "oneOf";
  readonly branch: number;
}

/** The schemas that hold together, as far as they are found. */
interface Gathering {
  readonly found: Map<SchemaObject, ObjectPlace>;
  /** Those of which the parts are being gathered. */
  readonly open: Set<SchemaObject>;
  readonly taken: readonly TakenBranch[];
}

/**
 * The nodes of a schema. Each stands for schemas that hold together, with the branches that were taken and the type: so
 * there are finitely many even where a schema refers to itself.
 */
export class SchemaGraph implements NodeSource {
  readonly document: SchemaDocument;
  readonly #nodes = new Map<string, ValueNode>();
  readonly #numbers = new Map<SchemaObject, number>();
  #mixtures = 0;

  constructor(document: SchemaDocument) {
    this.document = document;
  }

  /** The node for a schema of the document, with the heights of all nodes. */
  measured(place: PlacedSchema): ValueNode {
    const node = this.nodeFor([place]);
    this.#measure();
    return node;
  }

  #measure(): void {
    // Children are laid out after their parents, as a rule, and known first this way.
    const nodes = [...this.#nodes.values()].reverse();
    let isChanged = true;
    while (isChanged) {
      isChanged = false;
      for (const node of nodes) {
        const height = node.recipe.measure();
        if (height === node.height) continue;
        node.height = height;
        isChanged = true;
      }
    }
  }

  readonly nodeFor = (places: readonly PlacedSchema[]): ValueNode => this.#node(places, []);

  #node(places: readonly PlacedSchema[], taken: readonly TakenBranch[], type?: ValueType): ValueNode {
    const flat = this.#flatten(places, taken);
    const key = flat === undefined ? "never" : this.#toKey(flat, taken, type);
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    if (taken.length > 1) this.#mixtures += 1;
    if (this.#nodes.size >= maxNodes || this.#mixtures > maxMixtures) {
      throw new SchemaFault(places[0]?.pointer ?? "#", "has too many combinations.");
    }
    const node = new ValueNode();
    // Before its recipe is written, which may lead back to it.
    this.#nodes.set(key, node);
    if (flat !== undefined) node.recipe = this.#write(flat, taken, type);
    return node;
  }

  /** All schemas that hold, with what they refer to; `undefined` where nothing fits. */
  #flatten(
    places: readonly PlacedSchema[],
    taken: readonly TakenBranch[],
  ): readonly ObjectPlace[] | undefined {
    const found = new Map<SchemaObject, ObjectPlace>();
    const open = new Set<SchemaObject>();
    const isPossible = places.every((place) => this.#gather(place, { found, open, taken }));
    return isPossible ? [...found.values()] : undefined;
  }

  #gather({ schema, pointer }: PlacedSchema, gathering: Gathering): boolean {
    if (typeof schema === "boolean") return schema;
    const { found, open, taken } = gathering;
    if (open.has(schema)) throw new SchemaFault(pointer, "refers to itself in a circle.", "impossible");
    if (found.has(schema)) return true;
    const { document } = this;
    const place = { schema, pointer };
    found.set(schema, place);
    open.add(schema);
    const target = document.target(place);
    const branches = taken.filter((one) => one.schema === schema);
    const inPlace = [
      ...(target === undefined ? [] : [target]),
      ...(document.list(place, "allOf") ?? []),
      ...branches.flatMap(({ keyword, branch }) => document.list(place, keyword)?.[branch] ?? []),
    ];
    const isPossible = inPlace.every((other) => this.#gather(other, gathering));
    open.delete(schema);
    return isPossible;
  }

  #toKey(flat: readonly ObjectPlace[], taken: readonly TakenBranch[], type: ValueType | undefined): string {
    const numbers = flat.map(({ schema }) => this.#numberOf(schema)).sort((one, other) => one - other);
    const branches = taken.map(
      ({ schema, keyword, branch }) => `${this.#numberOf(schema)}${keyword}${branch}`,
    );
    return `${numbers} ${branches.sort()} ${type}`;
  }

  #write(flat: readonly ObjectPlace[], taken: readonly TakenBranch[], type: ValueType | undefined): Recipe {
    const choice = this.#findChoice(flat, taken);
    if (choice !== undefined) return toUnionRecipe(this.#toOptions(flat, taken, choice), this.document);
    const values = this.#fittingValues(flat);
    if (values !== undefined) return toValuesRecipe(values);
    const types = type === undefined ? typesToMake(flat) : [type];
    const [only, ...others] = types;
    if (only === undefined) return nothing;
    if (others.length === 0) return this.#writeOfType(only, flat);
    const options = types.map((one) => ({
      node: this.#node(flat, taken, one),
      isNull: one === "null",
      others: [],
    }));
    return toUnionRecipe(options, this.document);
  }

  /** The first `anyOf` or `oneOf` of which no branch was taken yet. */
  #findChoice(flat: readonly ObjectPlace[], taken: readonly TakenBranch[]): Choice | undefined {
    for (const place of flat) {
      const { schema } = place;
      for (const keyword of ["anyOf", "oneOf"] as const) {
        const branches = this.document.list(place, keyword);
        const isTaken = taken.some((one) => one.schema === schema && one.keyword === keyword);
        if (branches !== undefined && !isTaken) return { schema, keyword, branches };
      }
    }
    return undefined;
  }

  #toOptions(flat: readonly ObjectPlace[], taken: readonly TakenBranch[], choice: Choice): UnionOption[] {
    const { schema, keyword, branches } = choice;
    return branches.map((place, branch) => ({
      node: this.#node(flat, [...taken, { schema, keyword, branch }]),
      isNull: valueAt(place, "type") === "null",
      others: keyword === "oneOf" ? branches.filter((_, index) => index !== branch) : [],
    }));
  }

  /** The values that schemas list, as far as they fit all of them; `undefined` where none lists values. */
  #fittingValues(flat: readonly ObjectPlace[]): readonly unknown[] | undefined {
    const lists = flat.flatMap((place) => {
      const constant = valueAt(place, "const");
      const list = constant === undefined ? listAt(place, "enum") : [constant];
      return list === undefined ? [] : [list];
    });
    return lists[0]?.filter((value) => flat.every((place) => fitsSchema(value, place, this.document)));
  }

  #writeOfType(type: ValueType, flat: readonly ObjectPlace[]): Recipe {
    switch (type) {
      case "object":
        return toObjectRecipe(flat, this);
      case "array":
        return toArrayRecipe(flat, this);
      case "string":
        return toStringRecipe(flat, this.document);
      case "number":
        return toNumberRecipe(flat, false);
      case "integer":
        return toNumberRecipe(flat, true);
      case "boolean":
        return toValuesRecipe([true, false]);
      case "null":
        return toValuesRecipe([null]);
    }
  }

  #numberOf(schema: SchemaObject): number {
    const known = this.#numbers.get(schema);
    if (known !== undefined) return known;
    this.#numbers.set(schema, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

interface Choice {
  readonly schema: SchemaObject;
  readonly keyword: "anyOf" | "oneOf";
  readonly branches: readonly PlacedSchema[];
}

function toValuesRecipe(values: readonly unknown[]): Recipe {
  if (values.length === 0) return nothing;
  return { measure: () => 0, make: ({ random }) => values[random.below(values.length)] };
}
