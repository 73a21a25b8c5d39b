import { describe, describeName } from "../rule/describe.js";
import { appendPointer, pointerKeys, resolvePointer } from "../rule/json-pointer.js";
import { nearestName } from "../rule/nearest-name.js";
import { isObject } from "../rule/rule.js";
import { inspectObject } from "./inspect-object.js";
import { inspectValues } from "./inspect-values.js";
import {
  annotationKeywords,
  hasLookaround,
  lengthKeywords,
  refusedByFineTuned,
  refusedKeywords,
  strictFormats,
  strictKeywords,
  strictTypes,
} from "./keywords.js";
import { findPatternFault } from "./pattern-fault.js";
import type { SchemaReport } from "./schema-report.js";
import { hasType, isObjectSchema } from "./walk-schema.js";

type Schema = Readonly<Record<string, unknown>>;

export interface NodePlace {
  readonly pointer: string;
  readonly root: Schema;
  readonly report: SchemaReport;
  readonly fineTuned: boolean;
}

const checkLater = "Leave it out, and check it when the answer is parsed.";

const countKeywords = "minItems maxItems".split(" ");
const boundKeywords = "multipleOf maximum exclusiveMaximum minimum exclusiveMinimum".split(" ");

/** Reports what is wrong with one schema, leaving aside the schemas in it. */
export function inspectNode(schema: unknown, place: NodePlace): void {
  if (!isObject(schema)) return inspectBooleanSchema(schema, place);
  inspectKeywords(schema, place);
  inspectType(schema, place);
  inspectReference(schema, place);
  inspectChoices(schema, place);
  inspectText(schema, place);
  inspectNumbers(schema, place);
  inspectValues(schema, place);
  if (isObjectSchema(schema)) inspectObject(schema, place.pointer, place.report);
  if (hasType(schema, "array")) inspectArray(schema, place);
}

function inspectBooleanSchema(schema: unknown, { pointer, report }: NodePlace): void {
  if (schema === true) return reportUntyped(pointer, report);
  report.error(pointer, `expected a schema, found ${describe(schema)}.`, "Give an object with a type.");
}

/**
 * OpenAI answers "schema must have a 'type' key" (SocialGouv/iterion#250, 2026), also to a const and to a list of values:
 * openclaw/clawpatch#60, May 2026.
 */
function reportUntyped(pointer: string, report: SchemaReport): void {
  report.error(
    pointer,
    "no type is given; a strict schema must have one.",
    'Give it a type: "type":"string", or a list of types.',
  );
}

function inspectKeywords(schema: Schema, { pointer, report, fineTuned }: NodePlace): void {
  for (const keyword of Object.keys(schema)) {
    const at = appendPointer(pointer, keyword);
    const name = describeName(keyword);
    if (fineTuned && refusedByFineTuned.has(keyword))
      report.error(at, `${name} is not permitted for a fine-tuned model.`, "Leave it out.");
    else if (strictKeywords.has(keyword)) continue;
    else if (lengthKeywords.has(keyword)) report.constraint(at, `${name} is refused by some models.`);
    else if (annotationKeywords.has(keyword))
      report.warning(at, `${name} is no keyword of the strict subset.`, "Leave it out.");
    else report.error(at, `${name} is not permitted in a strict schema.`, fixFor(keyword));
  }
}

function fixFor(keyword: string): string {
  const fix = Object.hasOwn(refusedKeywords, keyword) ? refusedKeywords[keyword] : undefined;
  if (fix !== undefined) return fix;
  const nearest = keyword.length <= 64 ? nearestName(keyword, strictKeywords) : undefined;
  return nearest === undefined ? "Remove it." : `Did you mean ${nearest}?`;
}

function inspectType(schema: Schema, { pointer, report }: NodePlace): void {
  const { type } = schema;
  if (type === undefined) {
    const isTold = ["$ref", "anyOf", "oneOf", "allOf", "not"].some((key) => schema[key] !== undefined);
    // The schema of a map's values: the map itself is refused.
    const isOfMap =
      pointer.endsWith("/additionalProperties") && !pointer.endsWith("/properties/additionalProperties");
    if (!isTold && !isOfMap) reportUntyped(pointer, report);
    return;
  }
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  const unknownType = types.find((name) => !strictTypes.has(name));
  if (types.length > 0 && unknownType === undefined) return;
  report.error(
    appendPointer(pointer, "type"),
    types.length === 0 ? "the list of types is empty." : `${describeName(unknownType)} is no type.`,
    `Use one of ${[...strictTypes].join(", ")}.`,
  );
}

/**
 * OpenAI answers "reference can only point to definitions defined at the top level of the schema" and "$ref cannot have
 * keywords {'description'}", as public code quotes it, read November 2026.
 */
function inspectReference(schema: Schema, { pointer, root, report }: NodePlace): void {
  const { $ref, ...siblings } = schema;
  if ($ref === undefined) return;
  const at = appendPointer(pointer, "$ref");
  if (typeof $ref !== "string")
    return report.error(at, `expected a string, found ${describe($ref)}.`, refHint);
  const keys = pointerKeys($ref);
  if (keys === undefined) report.error(at, `${describeName($ref)} is not within this schema.`, refHint);
  else if (!isObject(resolvePointer(root, $ref)))
    report.error(at, `${describeName($ref)} points to nothing.`, refHint);
  else if (!isTopLevel(keys))
    report.error(
      at,
      `${describeName($ref)} points to something that is no definition at the top level.`,
      refHint,
    );
  const names = Object.keys(siblings);
  if (names.length > 0 && pointer !== "#") {
    const shown = names.slice(0, 5).map(describeName).join(", ");
    report.error(pointer, `a $ref cannot have ${shown} beside it.`, "Put what it refers to in its place.");
  }
}

const refHint = 'Refer to "#", or to a definition of the root: "#/$defs/NAME".';

function isTopLevel(keys: readonly string[]): boolean {
  return keys.length === 0 || (keys.length === 2 && (keys[0] === "$defs" || keys[0] === "definitions"));
}

function inspectChoices(schema: Schema, place: NodePlace): void {
  const { pointer, report } = place;
  for (const keyword of ["enum", "anyOf"]) {
    const found = schema[keyword];
    if (found === undefined || (Array.isArray(found) && found.length > 0)) continue;
    const message = `expected a list with something in it, found ${describe(found)}.`;
    report.error(appendPointer(pointer, keyword), message, "List what is allowed.");
  }
  if (Array.isArray(schema.anyOf)) inspectFirstKeys(schema.anyOf, place);
}

/**
 * OpenAI answered "Objects provided via 'anyOf' must not share identical first keys" to some models' requests in 2025
 * (openai-python issue 2193, read November 2026), and takes such a schema for others.
 */
function inspectFirstKeys(branches: readonly unknown[], { pointer, root, report }: NodePlace): void {
  const firsts = branches.map((branch) => toFirstKey(branch, root)).filter((first) => first !== undefined);
  if (new Set(firsts).size === firsts.length) return;
  report.warning(
    appendPointer(pointer, "anyOf"),
    "objects to choose from begin with the same key, which the service refused in 2025.",
    "Begin each with a key of its own, or with one whose const or enum tells them apart.",
  );
}

/** The key that an object begins with, and the values that it may have there, if they are few. */
function toFirstKey(branch: unknown, root: Schema): string | undefined {
  const properties = followReference(branch, root)?.properties;
  const [first] = isObject(properties) ? Object.entries(properties) : [];
  if (first === undefined) return undefined;
  const value = followReference(first[1], root);
  return JSON.stringify([first[0], value?.const ?? value?.enum ?? null]);
}

/** The schema that stands at a place, or that it refers to; a reference to a reference is none that was written by a tool. */
function followReference(schema: unknown, root: Schema): Schema | undefined {
  const found =
    isObject(schema) && typeof schema.$ref === "string" ? resolvePointer(root, schema.$ref) : schema;
  return isObject(found) ? found : undefined;
}

/** "In context=('properties', 'url'), 'uri' is not a valid format": OpenAI's answer as public code quotes it, November 2026. */
function inspectText({ pattern, format }: Schema, { pointer, report }: NodePlace): void {
  if (pattern !== undefined) inspectPattern(pattern, appendPointer(pointer, "pattern"), report);
  if (format === undefined || strictFormats.has(format)) return;
  report.error(
    appendPointer(pointer, "format"),
    `${describeName(format)} is not a valid format in a strict schema: only ${[...strictFormats].join(", ")} are.`,
    checkLater,
  );
}

/** "Invalid JSON schema: regex lookaround is not supported": OpenAI's answer as public code quotes it, read November 2026. */
function inspectPattern(pattern: unknown, at: string, report: SchemaReport): void {
  if (typeof pattern !== "string")
    report.error(at, `expected a string, found ${describe(pattern)}.`, "Give a regular expression as text.");
  else if (hasLookaround(pattern))
    report.error(at, "the pattern looks ahead or behind, which is refused.", checkLater);
  else inspectReading(findPatternFault(pattern), at, report);
}

export function inspectReading(
  fault: ReturnType<typeof findPatternFault>,
  at: string,
  report: SchemaReport,
): void {
  if (fault === "refused")
    report.error(at, "the pattern is no regular expression as the service reads them.", checkLater);
  else if (fault === "odd")
    report.constraint(at, "the pattern is no regular expression as JavaScript reads it.");
}

function inspectNumbers(schema: Schema, { pointer, report }: NodePlace): void {
  for (const keyword of [...boundKeywords, ...countKeywords]) {
    const found = schema[keyword];
    if (found === undefined || typeof found === "number") continue;
    report.error(
      appendPointer(pointer, keyword),
      `expected a number, found ${describe(found)}.`,
      "Give a number.",
    );
  }
}

/** "array schema missing items", also in formats: OpenAI's answer, sigoden/aichat#1049 and others, read November 2026. */
function inspectArray({ items, prefixItems }: Schema, { pointer, report }: NodePlace): void {
  const at = appendPointer(pointer, "items");
  if (Array.isArray(items)) {
    report.error(at, "a tuple is not permitted in a strict schema.", refusedKeywords.prefixItems ?? "");
  } else if (items === undefined) {
    // A tuple is refused for what it is.
    if (prefixItems !== undefined) return;
    report.error(
      pointer,
      "an array has to have items.",
      'Say what its items are: "items":{"type":"string"}.',
    );
  } else if (!isObject(items)) {
    report.error(at, `expected a schema, found ${describe(items)}.`, "Give an object with a type.");
  }
}
