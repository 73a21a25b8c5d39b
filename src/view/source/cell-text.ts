const maxLength = 300;

/** The value of a cell as a short text of one line; `null` where there is none. */
export function toShortText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === "string" ? value : toJson(value);
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}

function toJson(value: unknown): string {
  if (ArrayBuffer.isView(value) && "length" in value) return `${String(value.length)} numbers`;
  // Not every value can be written as JSON.
  return JSON.stringify(value) ?? String(value);
}
