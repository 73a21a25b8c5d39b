/**
 * Looks a column up: its exact name first, then a path into the values of JSON rows. `undefined` if there is none. NaN and
 * infinity are no values of a table but what a program wrote where one was absent: null.
 */
export function findCell(cells: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = lookUp(cells, name);
  return typeof value === "number" && !Number.isFinite(value) ? null : value;
}

function lookUp(cells: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(cells, name)) return cells[name] ?? null;
  const steps = name.split(".");
  for (let length = steps.length - 1; length > 0; length -= 1) {
    const column = steps.slice(0, length).join(".");
    if (Object.hasOwn(cells, column)) return findInside(cells[column], steps.slice(length));
  }
  return undefined;
}

function findInside(value: unknown, steps: readonly string[]): unknown {
  let found = value;
  for (const step of steps) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    if (Array.isArray(found) && !/^\d+$/.test(step)) return undefined;
    // It has the property, as was just seen.
    found = (found as Readonly<Record<string, unknown>>)[step] ?? null;
  }
  return found;
}

/** A value as it stands in a prompt: text as it is, objects and arrays as JSON, and what says itself as a text, as a date, as that. */
export function toCellText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (isSelfTelling(value)) return toCellText(value.toJSON());
  return typeof value === "object" ? JSON.stringify(value, bigIntsAsText) : String(value);
}

function isSelfTelling(value: unknown): value is { readonly toJSON: () => unknown } {
  return (
    typeof value === "object" && value !== null && "toJSON" in value && typeof value.toJSON === "function"
  );
}

function bigIntsAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
