import { OpenbatchError } from "../../errors/index.js";
import { toShortestSingle } from "./shortest-single.js";

/**
 * A cell as JSON text. What JSON has no word for (`undefined`, NaN, a function) is null; an integer beyond the exact ones of a
 * double is text, as `readRows` gives it; bytes are base64 and other typed arrays are arrays of numbers, those of single precision
 * with as few digits as tell them apart.
 *
 * @throws {OpenbatchError} `invalid_table` for a value that contains itself.
 */
export function toCellJson(value: unknown): string {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "number":
      return JSON.stringify(value);
    default:
      return toVectorsJson(value) ?? stringify(toPlain("", value)) ?? "null";
  }
}

/** Vectors, for which `JSON.stringify` need not ask about each number. */
function toVectorsJson(value: unknown): string | undefined {
  if (value instanceof Float32Array) return JSON.stringify(toNumbers(value));
  const isVectors = Array.isArray(value) && value.every((item) => item instanceof Float32Array);
  return isVectors ? JSON.stringify(value.map(toNumbers)) : undefined;
}

/** `JSON.stringify` gives nothing for a function, which its type does not say. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, toPlain);
  } catch (cause) {
    throw new OpenbatchError("invalid_table", "A cell to write cannot be turned into JSON.", {
      cause,
      hint: "Look for an object that contains itself.",
    });
  }
}

function toPlain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Float32Array) return toNumbers(value);
  return isNumbers(value) ? Array.from(value) : value;
}

/** The numbers of a vector, as they are meant. */
export function toNumbers(vector: Float32Array): number[] {
  return Array.from(vector, toShortestSingle);
}

function isNumbers(value: unknown): value is Float64Array {
  // A view that is no DataView is an array of numbers (or of bigints, which are turned next), whatever its width.
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** A cell as the text of CSV: text as it is, nothing for null, and JSON for everything else. */
export function toDelimitedText(value: unknown): string {
  if (typeof value === "string") return value;
  const json = toCellJson(value);
  if (json === "null") return "";
  // A date, say, whose JSON is text.
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
