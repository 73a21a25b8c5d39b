import { toCellJson, toNumbers } from "../table/cell-json.js";
import { type ColumnKind, kindOf } from "./column-kind.js";

/**
 * A cell until the kind of its column is known: what has a kind of its own as it is, vectors among them; what else there is,
 * a list or an object, as JSON text.
 */
export type KeptCell = null | boolean | number | string | Float32Array | { readonly json: string };

/** A cell to keep, and its kind. */
export function keepCell(cell: unknown): { readonly kept: KeptCell; readonly kind: ColumnKind } {
  if (cell === undefined || cell === null) return { kept: null, kind: "empty" };
  if (typeof cell === "string") return { kept: cell, kind: "text" };
  if (cell instanceof Float32Array) return { kept: cell, kind: cell.length === 0 ? "emptyList" : "singles" };
  const json = toCellJson(cell);
  const kind = kindOf(json, cell);
  // What is no list and no object is a single value.
  const kept = /^[[{]/.test(json) ? { json } : (JSON.parse(json) as null | boolean | number | string);
  return { kept, kind };
}

/** Bytes that a cell takes, about. */
export function keptBytesOf(kept: KeptCell): number {
  if (typeof kept === "string") return kept.length;
  if (kept instanceof Float32Array) return kept.byteLength;
  return typeof kept === "object" && kept !== null ? kept.json.length : 8;
}

/** A cell as the writer of a column of this kind takes it. */
export function toStored(kept: KeptCell, kind: ColumnKind): unknown {
  if (kept instanceof Float32Array) return toNumbers(kept);
  if (typeof kept === "object" && kept !== null) return toPlainJson(JSON.parse(kept.json));
  return kind === "integer" && typeof kept === "number" ? BigInt(kept) : kept;
}

/** A cell of a column of vectors, where another list can only be an empty one. */
export function toVector(kept: KeptCell): Float32Array | null {
  if (kept instanceof Float32Array) return kept;
  return kept === null ? null : new Float32Array();
}

/** The writer copies objects that have a prototype, and loses a key of theirs that is called `__proto__`. */
function toPlainJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlainJson);
  return typeof value === "object" && value !== null ? Object.setPrototypeOf(value, null) : value;
}
