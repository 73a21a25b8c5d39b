import { appendPointer, isObject } from "../../api/index.js";
import { compileSchema } from "./compile-schema.js";
import { SchemaDocument } from "./schema-document.js";
import { SchemaFault } from "./schema-fault.js";
import { SchemaGraph } from "./schema-graph.js";

/** A schema that nothing fits, or seems to fit. */
export interface Unfit {
  /** Whether that is proven; else no value was found. */
  readonly isCertain: boolean;
  /** The smallest schemas in it that nothing fits. */
  readonly pointers: readonly string[];
}

/** Seeks a value that fits a schema. `undefined` where there is one, or where the schema has keywords that are not known. */
export function findUnfit(schema: Readonly<Record<string, unknown>>): Unfit | undefined {
  try {
    compileSchema(schema);
    return undefined;
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    if (error.kind === "unsupported") return undefined;
    const isCertain = error.kind === "impossible";
    return { isCertain, pointers: isCertain ? findImpossible(schema) : [error.pointer] };
  }
}

function findImpossible(root: Readonly<Record<string, unknown>>): readonly string[] {
  const graph = new SchemaGraph(new SchemaDocument(root));
  return search(root, "#");

  function search(schema: unknown, pointer: string): readonly string[] {
    if (!isObject(schema)) return [];
    if (graph.measured({ schema, pointer }).height < Infinity) return [];
    const inside = placesIn(schema, pointer).flatMap(([child, at]) => search(child, at));
    return inside.length > 0 ? inside : [pointer];
  }
}

/** The schemas that stand in one; what it refers to is looked at as a whole. */
function placesIn(
  schema: Readonly<Record<string, unknown>>,
  pointer: string,
): readonly (readonly [unknown, string])[] {
  const { properties, items, anyOf } = schema;
  const within = (keyword: string, members: object) =>
    Object.entries(members).map(
      ([key, child]) => [child, appendPointer(appendPointer(pointer, keyword), key)] as const,
    );
  return [
    ...(isObject(properties) ? within("properties", properties) : []),
    ...(isObject(items) ? [[items, appendPointer(pointer, "items")] as const] : []),
    ...(Array.isArray(anyOf) ? within("anyOf", anyOf) : []),
  ];
}
