import { describe } from "../rule/describe.js";
import { appendPointer } from "../rule/json-pointer.js";
import type { SchemaReport } from "./schema-report.js";

type Schema = Readonly<Record<string, unknown>>;

interface ValuesPlace {
  readonly pointer: string;
  readonly report: SchemaReport;
}

const bounds = [
  ["minimum", "maximum"],
  ["minItems", "maxItems"],
  ["minLength", "maxLength"],
] as const;

/**
 * Reports values that their own schema refuses, values and names that come twice, and bounds that leave nothing. OpenAI answers
 * "['operation', 'operation'] has non-unique elements" to a name that is required twice, as public code quotes it, read November
 * 2026; of an enum that is not known.
 */
export function inspectValues(schema: Schema, { pointer, report }: ValuesPlace): void {
  inspectListed(schema, { pointer, report });
  for (const keyword of ["enum", "required", "type"]) {
    if (!hasDoubles(schema[keyword])) continue;
    const at = appendPointer(pointer, keyword);
    if (keyword === "enum") report.warning(at, "an element comes twice.", "List each once.");
    else report.error(at, "an element comes twice.", "List each once.");
  }
  inspectBounds(schema, { pointer, report });
}

/** Bounds that leave nothing. */
export function inspectBounds(schema: Schema, { pointer, report }: ValuesPlace): void {
  for (const [low, high] of bounds) {
    const [least, most] = [schema[low], schema[high]];
    if (typeof least !== "number" || typeof most !== "number" || least <= most) continue;
    const message = `${low} is ${least} and ${high} is ${most}: nothing fits.`;
    report.warning(pointer, message, `Let ${low} be at most ${high}.`);
  }
}

/** OpenAI answers "enum value … does not validate against {'type': …}", as public code quotes it, read November 2026. */
function inspectListed(schema: Schema, { pointer, report }: ValuesPlace): void {
  const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types[0] === undefined) return;
  const listed = [
    ...(Array.isArray(schema.enum) ? schema.enum.map((value: unknown) => ["enum", value] as const) : []),
    ...(schema.const === undefined ? [] : [["const", schema.const] as const]),
  ];
  const stray = listed.find(([, value]) => !types.some((type) => isOfType(value, type)));
  if (stray === undefined) return;
  const [keyword, value] = stray;
  report.error(
    appendPointer(pointer, keyword),
    `${describe(value)} is not of the type that the schema gives.`,
    "Give the type of every value that is listed.",
  );
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      // An unknown type is reported where it stands.
      return true;
  }
}

function hasDoubles(list: unknown): boolean {
  return Array.isArray(list) && new Set(list).size < list.length;
}
