/**
 * What the cells of a column have been so far, leaving nulls aside.
 * `singles` are numbers of single precision, as embeddings are; `json` is whatever has no kind of its own.
 */
export type ColumnKind =
  | "empty"
  | "boolean"
  | "integer"
  | "number"
  | "text"
  | "emptyList"
  | "singles"
  | "numbers"
  | "texts"
  | "json";

/** The kind of one cell, from its JSON text and from what it was made of. */
export function kindOf(json: string, cell: unknown): ColumnKind {
  switch (json.charAt(0)) {
    case "n":
      return "empty";
    case "t":
    case "f":
      return "boolean";
    case '"':
      return "text";
    case "[":
      return kindOfList(cell);
    case "{":
      return "json";
    default:
      return Number.isSafeInteger(Number(json)) ? "integer" : "number";
  }
}

function kindOfList(cell: unknown): ColumnKind {
  if (cell instanceof Float32Array) return cell.length === 0 ? "emptyList" : "singles";
  if (cell instanceof Float64Array) return cell.length === 0 ? "emptyList" : "numbers";
  if (!Array.isArray(cell)) return "json";
  if (cell.length === 0) return "emptyList";
  if (cell.every((item) => typeof item === "number" && Number.isFinite(item))) return "numbers";
  return cell.every((item) => typeof item === "string") ? "texts" : "json";
}

/** Two kinds, in the order of the alphabet, and the one that holds the cells of both. */
const wider: Readonly<Record<string, ColumnKind>> = {
  "integer number": "number",
  "emptyList singles": "singles",
  "emptyList numbers": "numbers",
  "emptyList texts": "texts",
  "numbers singles": "numbers",
};

/** The kind of a column whose cells are of two kinds. */
export function mergeKinds(one: ColumnKind, other: ColumnKind): ColumnKind {
  if (one === other || other === "empty") return one;
  if (one === "empty") return other;
  return wider[[one, other].sort().join(" ")] ?? "json";
}
