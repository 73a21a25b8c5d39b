import {
  annotationKeywords,
  appendPointer,
  hasLookaround,
  isObject,
  isObjectSchema,
  strictFormats,
} from "../../api/index.js";
import type { JsonSchema, LeftOut } from "../format.js";
import { isSameJson } from "../schema/same-json.js";
import { Definitions } from "./definitions.js";
import { distributeBranches } from "./distribute-branches.js";
import { type Flat, flattenSchema } from "./flatten-schema.js";
import { allowsNull, withNull, withoutForeign, withType } from "./value-types.js";

export interface StrictifyOptions {
  /** Closes objects that say they are open, for a library that says so of every object. */
  readonly closeOpenObjects: boolean;
  /** Whether a property that may be null may be absent as well: then it is always given, as null if need be. */
  readonly nullMeansAbsent: boolean;
  /** Whether definitions keep their names; a library that numbers them anew in each run gives better none. */
  readonly keepNames: boolean;
}

export interface Strictified {
  readonly schema: JsonSchema;
  readonly leftOut: readonly LeftOut[];
  /** Pointers of the properties that may be absent and cannot be null instead. They are required all the same. */
  readonly optional: readonly string[];
}

/**
 * Writes a JSON Schema in the strict subset as far as that changes nothing of what it means: closes objects,
 * inlines the root, merges `allOf`, distributes what stands beside branches over them, turns `oneOf` into `anyOf`, drops annotations and unused definitions, and
 * leaves out checks. The rest stays as it is, for `validateStrictSchema` to find. The given schema is not changed.
 */
export function strictify(root: JsonSchema, options: StrictifyOptions): Strictified {
  const strictifier = new Strictifier(root, options);
  return {
    schema: strictifier.convertRoot(root),
    leftOut: strictifier.leftOut,
    optional: strictifier.optional,
  };
}

/** Checks that the service refuses, and that only narrow what a value of the same shape may be. */
const checkKeywords: ReadonlySet<string> = new Set([
  ..."minLength maxLength uniqueItems contains minContains maxContains".split(" "),
  ..."minProperties maxProperties propertyNames".split(" "),
]);

/** Keywords that say nothing to the service, or are written anew. */
const droppedKeywords: ReadonlySet<string> = new Set([
  ...annotationKeywords,
  ..."$schema $defs definitions additionalItems".split(" "),
]);

/** Deeper schemas are left as they are; the service takes 10 levels. */
const maxDepth = 200;

/** At most this many references are written out for what stands beside them, so that a small schema stays small. */
const maxInlined = 200;

interface Place {
  readonly pointer: string;
  readonly depth: number;
  /** The references that were replaced by what they point to, around this place. */
  readonly inlined: readonly string[];
}

type Entries = readonly (readonly [string, unknown])[];

class Strictifier {
  readonly leftOut: LeftOut[] = [];
  readonly optional: string[] = [];
  readonly #options: StrictifyOptions;
  readonly #definitions: Definitions;
  #inlinedCount = 0;
  readonly #resolve = (reference: string): unknown => this.#definitions.resolve(reference);

  constructor(root: JsonSchema, options: StrictifyOptions) {
    this.#options = options;
    this.#definitions = new Definitions(root, options);
  }

  convertRoot(root: JsonSchema): JsonSchema {
    const place = { pointer: "#", depth: 0, inlined: [] };
    const schema = this.#convertFlat(this.#flatten(root, place, { inlineReference: true }), place);
    const definitions: [string, unknown][] = [];
    for (const { name, schema: definition } of this.#definitions.used) {
      const pointer = appendPointer("#/$defs", name);
      definitions.push([name, this.#convert(definition, { pointer, depth: 0, inlined: [] })]);
    }
    return definitions.length === 0 ? schema : { ...schema, $defs: Object.fromEntries(definitions) };
  }

  #convert(schema: unknown, place: Place): unknown {
    if (!isObject(schema) || place.depth > maxDepth) return schema;
    return this.#convertFlat(this.#flatten(schema, place), place);
  }

  #flatten(schema: JsonSchema, { pointer, inlined }: Place, { inlineReference = false } = {}): Flat {
    const flat = flattenSchema(schema, {
      definitions: this.#definitions,
      inlined,
      inlineReference,
      mayInline: this.#inlinedCount < maxInlined,
      onLeftOut: (keyword) => this.leftOut.push({ pointer, keyword }),
    });
    this.#inlinedCount += flat.inlined.length - inlined.length;
    return flat;
  }

  #convertFlat({ schema, inlined }: Flat, around: Place): JsonSchema {
    if (typeof schema.$ref === "string") return { ...schema, $ref: this.#definitions.refer(schema.$ref) };
    const place = { ...around, inlined };
    const distributed = this.#distribute(withNull(schema), place);
    if (distributed.allOf !== undefined && schema.allOf === undefined) {
      return this.#convertFlat(this.#flatten(distributed, place), place);
    }
    const typed = withoutForeign(withType(distributed));
    const entries = Object.entries(typed).flatMap(([keyword, value]) =>
      this.#convertKeyword(keyword, value, { schema: typed, place }),
    );
    const isOpen = isObjectSchema(typed) && typed.additionalProperties === undefined;
    return Object.fromEntries(isOpen ? [...entries, ["additionalProperties", false]] : entries);
  }

  #distribute(schema: JsonSchema, { pointer }: Place): JsonSchema {
    return distributeBranches(schema, {
      resolve: this.#resolve,
      onLeftOut: (keyword) => this.leftOut.push({ pointer, keyword }),
    });
  }

  #convertKeyword(
    keyword: string,
    value: unknown,
    { schema, place }: { schema: JsonSchema; place: Place },
  ): Entries {
    switch (keyword) {
      case "properties":
        return isObject(value) ? this.#convertProperties(value, schema, place) : [[keyword, value]];
      case "required":
        return isObject(schema.properties) ? [] : [[keyword, value]];
      case "additionalProperties":
        return [[keyword, value === true && this.#options.closeOpenObjects ? false : value]];
      case "items":
        return value === false && schema.prefixItems !== undefined
          ? []
          : [[keyword, this.#convert(value, stepInto(place, keyword))]];
      case "anyOf":
        return [[keyword, this.#convertBranches(value, place)]];
      case "unevaluatedProperties":
        return value === false && isObjectSchema(schema) ? [] : [[keyword, value]];
      default:
        return this.#convertOther(keyword, value, place);
    }
  }

  #convertProperties(properties: JsonSchema, { required }: JsonSchema, place: Place): Entries {
    const inside = stepInto(place, "properties");
    const converted = Object.entries(properties).map(
      ([name, schema]) => [name, this.#convert(schema, stepInto(inside, name))] as const,
    );
    const listed: readonly unknown[] = Array.isArray(required) ? required : [];
    for (const [name, schema] of Object.entries(properties)) {
      if (listed.includes(name) || this.#canAlwaysBeGiven(schema)) continue;
      this.optional.push(stepInto(inside, name).pointer);
    }
    return [
      ["properties", Object.fromEntries(converted)],
      ["required", [...new Set([...Object.keys(properties), ...listed])]],
    ];
  }

  /** Whether a property that may be absent can be given all the same: its default, or null. */
  #canAlwaysBeGiven(schema: unknown): boolean {
    if (this.#hasDefault(schema, 0)) return true;
    return this.#options.nullMeansAbsent && allowsNull(schema, this.#resolve);
  }

  #hasDefault(schema: unknown, depth: number): boolean {
    if (!isObject(schema) || depth > 10) return false;
    if (schema.default !== undefined) return true;
    return typeof schema.$ref === "string" && this.#hasDefault(this.#resolve(schema.$ref), depth + 1);
  }

  #convertBranches(branches: unknown, place: Place): unknown {
    if (!Array.isArray(branches)) return branches;
    const inside = stepInto(place, "anyOf");
    const converted = branches.map((branch: unknown, index) =>
      this.#convert(branch, stepInto(inside, index)),
    );
    return converted.filter(
      (branch, index) => !converted.slice(0, index).some((earlier) => isSameJson(earlier, branch)),
    );
  }

  #convertOther(keyword: string, value: unknown, { pointer }: Place): Entries {
    if (droppedKeywords.has(keyword)) return [];
    if (!isRefusedCheck(keyword, value)) return [[keyword, value]];
    if (keyword !== "uniqueItems" || value !== false) this.leftOut.push({ pointer, keyword });
    return [];
  }
}

function isRefusedCheck(keyword: string, value: unknown): boolean {
  if (keyword === "format") return !strictFormats.has(value);
  if (keyword === "pattern") return typeof value === "string" && hasLookaround(value);
  return checkKeywords.has(keyword);
}

function stepInto(place: Place, key: string | number): Place {
  return { ...place, pointer: appendPointer(place.pointer, key), depth: place.depth + 1 };
}
