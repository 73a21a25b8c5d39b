/**
 * PostgreSQL takes neither the character of number 0 nor half of a pair. In their place goes this one, and the number of what is meant;
 * so does this one itself, so that each text is read as it was written.
 */
const mark = "␚";

const refused = /[\0␚\p{Surrogate}]/gu;
/** The same in what `JSON.stringify` wrote; all that is escaped is looked at, so that no backslash is taken for another. */
const refusedInJson = /␚|\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)/g;
const carried = /␚([0-9a-f]{4})/g;

/** A value of a statement, as the database takes it. */
export function toCarried(value: unknown): unknown {
  if (typeof value === "string") return value.replace(refused, toNumber);
  if (Array.isArray(value)) return value.map(toCarried);
  return isPlain(value) ? toCarriedJson(value) : value;
}

/** A value as JSON, also a list, which would otherwise be one of the database. */
export function toCarriedJson(value: object): string {
  return JSON.stringify(value).replace(refusedInJson, (found: string, number: string | undefined) => {
    if (number !== undefined) return `${mark}${number}`;
    return found === mark ? toNumber(mark) : found;
  });
}

/** A text as it was before it was carried. */
export function fromCarried(text: string): string {
  return text.replace(carried, (_, number: string) => String.fromCharCode(Number.parseInt(number, 16)));
}

export function fromCarriedJson(text: string): unknown {
  return JSON.parse(text.replace(carried, "\\u$1"));
}

function toNumber(character: string): string {
  return `${mark}${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
