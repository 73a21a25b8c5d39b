import { appendPointer, isObject, resolvePointer } from "../../api/index.js";
import { usualLength } from "../patterns/pattern-ways.js";
import { type PatternWriter, toPatternWriter } from "../patterns/pattern-writer.js";
import { SchemaFault } from "./schema-fault.js";
import { isSupportedKeyword } from "./supported-keywords.js";

export type SchemaObject = Readonly<Record<string, unknown>>;

/** A schema, or `true` or `false`, and where in its document it stands. */
export interface PlacedSchema {
  readonly schema: SchemaObject | boolean;
  readonly pointer: string;
}

/** A schema that is an object. */
export interface ObjectPlace extends PlacedSchema {
  readonly schema: SchemaObject;
}

/** What a schema says of the properties whose names fit a pattern. */
export interface PatternProperty {
  readonly pattern: PatternWriter["pattern"];
  /** A schema for such names. */
  readonly name: PlacedSchema;
  readonly value: PlacedSchema;
}

/** Characters of a text that is tried along a quick pattern with nobody watching. */
const longestUnwatched = usualLength * 4;

/** The document that a schema and all its references stand in. */
export class SchemaDocument {
  readonly #root: unknown;
  readonly #checked = new Set<SchemaObject>();
  readonly #patterns = new Map<string, PatternWriter>();
  #pointerInUse: string | undefined;
  #hasLongTexts = false;
  /** Whether somebody watches how long it takes to make values; else long texts fit no pattern. */
  isWatched = true;

  constructor(root: unknown) {
    this.#root = root;
  }

  get root(): PlacedSchema {
    return this.#place(this.#root, "#");
  }

  /** What stands under a keyword that holds one schema. */
  child({ schema, pointer }: PlacedSchema, keyword: string): PlacedSchema | undefined {
    const child = schema === true || schema === false ? undefined : schema[keyword];
    return child === undefined ? undefined : this.#place(child, appendPointer(pointer, keyword));
  }

  /** The schemas of a keyword that holds a list of them. */
  list({ schema, pointer }: PlacedSchema, keyword: string): readonly PlacedSchema[] | undefined {
    const list = schema === true || schema === false ? undefined : schema[keyword];
    if (list === undefined) return undefined;
    const at = appendPointer(pointer, keyword);
    if (!Array.isArray(list)) throw new SchemaFault(at, "expected an array of schemas.");
    return list.map((child, index) => this.#place(child, appendPointer(at, index)));
  }

  /** The schema of one name in a keyword that holds schemas by name. */
  named({ schema, pointer }: PlacedSchema, keyword: string, name: string): PlacedSchema | undefined {
    const schemas = schema === true || schema === false ? undefined : schema[keyword];
    if (!isObject(schemas) || !Object.hasOwn(schemas, name)) return undefined;
    return this.#place(schemas[name], appendPointer(appendPointer(pointer, keyword), name));
  }

  /** All that a schema says of a property: under its name and the patterns that it fits, or else of all others. */
  propertyAt(place: PlacedSchema, name: string): readonly PlacedSchema[] {
    const named = this.named(place, "properties", name);
    const patterned = this.patternProperties(place).filter(({ pattern }) => pattern.test(name));
    const own = [...(named === undefined ? [] : [named]), ...patterned.map(({ value }) => value)];
    return own.length > 0 ? own : [this.child(place, "additionalProperties") ?? []].flat();
  }

  patternProperties({ schema, pointer }: PlacedSchema): readonly PatternProperty[] {
    const values = schema === true || schema === false ? undefined : schema.patternProperties;
    if (!isObject(values)) return [];
    const at = appendPointer(pointer, "patternProperties");
    return Object.entries(values).map(([source, value]) => {
      const here = appendPointer(at, source);
      const name = { schema: { type: "string", pattern: source }, pointer: here };
      return { name, pattern: this.pattern(source, here).pattern, value: this.#place(value, here) };
    });
  }

  /** The schemas of the first elements of an array, each with one of its own. */
  firstItems(place: PlacedSchema): readonly PlacedSchema[] {
    return this.list(place, hasOldTuple(place) ? "items" : "prefixItems") ?? [];
  }

  /** The schema of the elements after {@link firstItems}. */
  otherItems(place: PlacedSchema): PlacedSchema | undefined {
    return this.child(place, hasOldTuple(place) ? "additionalItems" : "items");
  }

  /** What a `$ref` refers to. */
  target({ schema, pointer }: PlacedSchema): PlacedSchema | undefined {
    if (schema === true || schema === false || schema.$ref === undefined) return undefined;
    const found = typeof schema.$ref === "string" ? resolvePointer(this.#root, schema.$ref) : undefined;
    if (found === undefined) {
      throw new SchemaFault(appendPointer(pointer, "$ref"), "refers to nothing in this schema.");
    }
    return this.#place(found, String(schema.$ref));
  }

  /** A pattern as validators read it: with the flag for Unicode where it can have it. */
  pattern(source: string, pointer: string): PatternWriter {
    const known = this.#patterns.get(source);
    if (known !== undefined) return known;
    const writer = toPatternWriter(source);
    if (writer === undefined) {
      throw new SchemaFault(pointer, "is no regular expression that JavaScript knows.");
    }
    const watched = this.#watch(writer, pointer);
    this.#patterns.set(source, watched);
    return watched;
  }

  /** The pattern that is being tried or written along at this moment. */
  get pointerInUse(): string | undefined {
    return this.#pointerInUse;
  }

  /** Whether some pattern may take ages, so that making values is to be watched. */
  get hasSlowPattern(): boolean {
    const writers = [...this.#patterns.values()];
    return (
      (this.#hasLongTexts && writers.length > 0) ||
      writers.some(({ quickLength }) => quickLength < usualLength)
    );
  }

  /** Is told how long texts have to be. */
  noteLength(min: number): void {
    if (min > usualLength) this.#hasLongTexts = true;
  }

  #watch(writer: PatternWriter, pointer: string): PatternWriter {
    const use = <Value>(task: () => Value): Value => {
      this.#pointerInUse = pointer;
      try {
        return task();
      } finally {
        // Not reached by what is stopped for its time.
        this.#pointerInUse = undefined;
      }
    };
    return {
      ...writer,
      pattern: {
        test: (text) =>
          (this.isWatched || text.length <= longestUnwatched) && use(() => writer.pattern.test(text)),
      },
      write: (random, slack) => use(() => writer.write(random, slack)),
    };
  }

  #place(schema: unknown, pointer: string): PlacedSchema {
    if (schema === true || schema === false) return { schema, pointer };
    if (!isObject(schema)) throw new SchemaFault(pointer, "expected a schema.");
    this.#assertSupported(schema, pointer);
    return { schema, pointer };
  }

  #assertSupported(schema: SchemaObject, pointer: string): void {
    if (this.#checked.has(schema)) return;
    for (const keyword of Object.keys(schema)) {
      if (isSupportedKeyword(keyword)) continue;
      throw new SchemaFault(
        appendPointer(pointer, keyword),
        "a rehearsal makes up no values for this keyword.",
      );
    }
    this.#checked.add(schema);
  }
}

/** Whether a list of schemas stands in `items`, as up to draft 2019-09. */
function hasOldTuple({ schema }: PlacedSchema): boolean {
  return schema !== true && schema !== false && Array.isArray(schema.items);
}
