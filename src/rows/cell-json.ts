import { OpenbatchError } from "../errors/index.js";

/**
 * A cell as JSON text. What JSON has no word for (`undefined`, NaN, a function) is null; an integer beyond the exact ones of a
 * double is text, as `readRows` gives it; bytes are base64 and other typed arrays are arrays of numbers.
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
      return stringify(toPlain("", value)) ?? "null";
  }
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
  return isNumbers(value) ? Array.from(value) : value;
}

function isNumbers(value: unknown): value is Float32Array {
  // A view that is no DataView is an array of numbers (or of bigints, which are turned next), whatever its width.
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** A cell as the text of CSV: text as it is, nothing for null, and JSON for everything else. */
export function toCellText(value: unknown): string {
  if (typeof value === "string") return value;
  const json = toCellJson(value);
  if (json === "null") return "";
  // A date, say, whose JSON is text.
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
