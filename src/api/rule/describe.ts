/** Says what a value is without showing content: of text only its length, of numbers and booleans the value. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      if (value === "") return "an empty string";
      return value.length === 1 ? "a string of 1 character" : `a string of ${value.length} characters`;
    case "number":
      return `${Object.is(value, -0) ? "-0" : value}`;
    case "boolean":
      return `${value}`;
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
      return "an object";
    case "undefined":
      return "undefined";
    default:
      return `a ${typeof value}`;
  }
}

/** As the service counts them: code points. A text has at least half as many as UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Shows a name, an id or a member of an enum; falls back to {@link describe} where it looks like content. */
export function describeName(value: unknown): string {
  if (typeof value !== "string" || value.length > 64) return describe(value);
  return JSON.stringify(value);
}
