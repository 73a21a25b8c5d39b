const maxLength = 300;

/** The value of a cell as a short text; `null` where there is none. */
export function toShortText(value: unknown): string | null {
  const text = toCell(value);
  return text !== null && text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

/** The same, as long as it is. */
export function toCell(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  if (ArrayBuffer.isView(value) && "length" in value) return `${String(value.length)} numbers`;
  // Not every value can be written as JSON.
  return JSON.stringify(value) ?? String(value);
}
