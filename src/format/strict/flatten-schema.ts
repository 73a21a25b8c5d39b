import { isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import type { Definitions } from "./definitions.js";
import { mergeSchemas } from "./merge-schemas.js";

/** A schema without `allOf`, and without a `$ref` that has something beside it. */
export interface Flat {
  readonly schema: JsonSchema;
  /** The references that were replaced by what they point to, here and around. */
  readonly inlined: readonly string[];
}

interface FlattenOptions {
  readonly definitions: Definitions;
  readonly inlined: readonly string[];
  /** Replaces a `$ref` even where nothing stands beside it, as at the root. */
  readonly inlineReference: boolean;
  /** Whether a `$ref` with a description beside it may be written out; else the description goes. */
  readonly mayInline: boolean;
  /** Told of a check that could not be kept. */
  readonly onLeftOut: (keyword: string) => void;
}

const annotations: ReadonlySet<string> = new Set(["title", "description", "default"]);

/**
 * Merges what `allOf` lists, and what a `$ref` points to where something stands beside it. A recursive reference
 * stays, without its description. What cannot be merged comes back as it was.
 */
export function flattenSchema(schema: JsonSchema, options: FlattenOptions): Flat {
  const { $ref, allOf, ...own } = schema;
  const { inlined, inlineReference } = options;
  const unchanged = { schema, inlined };
  if ($ref === undefined && allOf === undefined) return unchanged;
  const only = Object.keys(own).length === 0 ? onlyReference($ref, allOf) : undefined;
  if (only !== undefined && !inlineReference) return { schema: { $ref: only }, inlined };
  const followed = new Set<string>();
  const parts = partsOf(schema, { path: [], followed, definitions: options.definitions });
  if (parts === undefined) return unchanged;
  const isRecursive = [...followed].some((reference) => inlined.includes(reference));
  if (isRecursive || (followed.size > 0 && !options.mayInline)) {
    const reference = Object.keys(own).every((key) => annotations.has(key))
      ? onlyReference($ref, allOf)
      : undefined;
    return reference === undefined ? unchanged : { schema: { $ref: reference }, inlined };
  }
  const merged = mergeSchemas(parts, options.onLeftOut);
  return merged === undefined ? unchanged : { schema: merged, inlined: [...inlined, ...followed] };
}

/** The reference, if there is nothing else: alone, or alone in an `allOf`. */
function onlyReference($ref: unknown, allOf: unknown): string | undefined {
  if (allOf === undefined) return typeof $ref === "string" ? $ref : undefined;
  if ($ref !== undefined || !Array.isArray(allOf) || allOf.length !== 1) return undefined;
  const [part]: readonly unknown[] = allOf;
  return isObject(part) && Object.keys(part).length === 1 && typeof part.$ref === "string"
    ? part.$ref
    : undefined;
}

interface Trail {
  /** The references between the schema and the part. */
  readonly path: readonly string[];
  readonly followed: Set<string>;
  readonly definitions: Definitions;
}

/** The schemas that must all hold, each without `$ref` and `allOf`; what stands nearest comes last. */
function partsOf(schema: unknown, trail: Trail): readonly JsonSchema[] | undefined {
  if (!isObject(schema)) return undefined;
  const { $ref, allOf, ...own } = schema;
  const target = $ref === undefined ? [] : followReference($ref, trail);
  const listed = allOf === undefined ? [] : partsOfAll(allOf, trail);
  return target === undefined || listed === undefined ? undefined : [...target, ...listed, own];
}

function followReference(reference: unknown, trail: Trail): readonly JsonSchema[] | undefined {
  if (typeof reference !== "string" || trail.path.includes(reference)) return undefined;
  trail.followed.add(reference);
  return partsOf(trail.definitions.resolve(reference), { ...trail, path: [...trail.path, reference] });
}

function partsOfAll(schemas: unknown, trail: Trail): readonly JsonSchema[] | undefined {
  if (!Array.isArray(schemas)) return undefined;
  const parts = schemas.map((schema: unknown) => partsOf(schema, trail));
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
}
