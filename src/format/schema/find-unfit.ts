import { appendPointer, isObject, type SchemaProblem } from "../../api/index.js";
import { compileSchema } from "./compile-schema.js";
import { SchemaDocument } from "./schema-document.js";
import { SchemaFault } from "./schema-fault.js";
import { SchemaGraph } from "./schema-graph.js";

/**
 * What tells that nothing fits a schema: an error where that is proven, at the smallest schemas in it that nothing fits, and a
 * warning where no value was found. Nothing where there is a value, or where the schema has keywords that are not known.
 */
export function findUnfit(schema: Readonly<Record<string, unknown>>): readonly SchemaProblem[] {
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    if (error.kind === "unsupported") return [];
    return error.kind === "impossible"
      ? findImpossible(schema).map(impossibleProblem)
      : [doubtfulProblem(error.pointer)];
  }
}

function impossibleProblem(pointer: string): SchemaProblem {
  const message = "no value fits: what it asks for contradicts itself.";
  const hint =
    "Look at what holds together there: bounds, enum, a reference to itself, an anyOf and what is beside it.";
  return { pointer, severity: "error", code: "invalid_schema", message, hint };
}

function doubtfulProblem(pointer: string): SchemaProblem {
  const message = "no value was found that fits, so perhaps there is none.";
  const hint = "Try whether your own examples of answers fit; a simpler pattern may help.";
  return { pointer, severity: "warning", code: "invalid_schema", message, hint };
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
