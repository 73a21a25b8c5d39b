import { describe, isObject } from "../../api/index.js";
import type { JsonSchema } from "../format.js";
import { conversionError } from "../schema-error.js";
import { libraryAdvice, recogniseLibrary } from "./library.js";
import { readStandardSchema } from "./read-standard-schema.js";
import { isReadyMadeFormat, readReadyMadeFormat } from "./ready-made-format.js";
import type { SchemaSource } from "./schema-source.js";
import { isStandardSchema } from "./standard-schema.js";

/** Finds out what was given as a schema, and what JSON Schema it has. */
export function readSchema(given: object): SchemaSource {
  assertSchemaLike(given);
  if (isStandardSchema(given)) return readStandardSchema(given);
  if (!isPlainObject(given)) {
    throw conversionError("this schema object does not say what its JSON Schema is.", adviceFor(given));
  }
  assertNoObjectOfSchemas(given);
  if (isReadyMadeFormat(given)) return readReadyMadeFormat(given);
  return { schema: given, library: recogniseLibrary(given), problems: [], validate: undefined };
}

/** Plain JavaScript gets anything past the compiler. */
function assertSchemaLike(given: unknown): void {
  if ((typeof given === "object" && given !== null) || typeof given === "function") return;
  throw conversionError(`expected a schema, found ${describe(given)}.`, "Give a schema object.");
}

const maxShown = 3;
const deepestLiteral = 5;

/** An object literal with schemas in it, where the one around them was forgotten. */
function assertNoObjectOfSchemas(given: JsonSchema): void {
  if (typeof given.type === "string" || isObject(given.properties)) return;
  const members = Object.entries(given).filter(([, member]) => findSchema(member) !== undefined);
  const write = members.map(
    ([, member]) => libraryAdvice[recogniseLibrary(findSchema(member) ?? {})].object,
  )[0];
  if (members.length === 0) return;
  const names = members.slice(0, maxShown).map(([name]) => `${name}: …`);
  const shown = members.length > maxShown ? [...names, "…"] : names;
  const hint =
    write === undefined ? "Give one schema with these members." : `Write ${write(shown.join(", "))}.`;
  throw conversionError("this is an object of schemas, and no schema itself.", hint);
}

/** The schema of a library that a member is, or holds where it is an object literal or a list itself. */
function findSchema(member: unknown, depth = 0): object | undefined {
  if ((typeof member !== "object" || member === null) && typeof member !== "function") return undefined;
  if (isStandardSchema(member)) return member;
  const isLiteral = Array.isArray(member) || isPlainObject(member);
  if (!isLiteral || depth === deepestLiteral) return undefined;
  for (const inner of Object.values(member)) {
    const found = findSchema(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function adviceFor(given: object): string {
  return libraryAdvice[recogniseLibrary(given)].toJsonSchema;
}

/** An object literal, of this realm or another. */
function isPlainObject(value: object): value is JsonSchema {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
