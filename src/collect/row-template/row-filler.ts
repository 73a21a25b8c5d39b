import { isObject, nearestColumn, toRecord } from "../../api/index.js";
import { askForColumn, OpenbatchError } from "../../errors/index.js";
import { parsePlaceholders, type Segment } from "../template/placeholder.js";
import { findCell, toCellText } from "./row-cell.js";

/** A row as a template takes it. */
export interface TemplateRow {
  /** Counted from 1. */
  readonly number: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

/** Makes a value of a template for one row. */
export type Filler = (row: TemplateRow) => unknown;

/** Where a value stands in the template file. */
export type TemplatePlace = readonly (string | number)[];

/** A placeholder of a template, and the value that it stands in. */
export interface UsedColumn {
  readonly name: string;
  readonly place: TemplatePlace;
}

export interface FillerContext {
  /** Written for null; without it, null is an error. */
  readonly nullText: string | undefined;
  /** Turns the URL of an image, filled, into what is sent. */
  readonly toImageUrl: (url: string) => string;
  /** An error about a place in the template. */
  readonly errorAt: (place: TemplatePlace, message: string, hint?: string) => OpenbatchError;
  /** Every placeholder that was found; more are added. */
  readonly used: UsedColumn[];
}

/** What is filled: a value of the template, where it stands, and which of its keys holds an image. */
interface Template {
  readonly value: unknown;
  readonly place: TemplatePlace;
  readonly imageKey?: string | undefined;
}

/** Compiles a value of a template, once; what holds no placeholder is the same value for every row. */
export function createFiller(template: Template, context: FillerContext): Filler {
  const { value, place } = template;
  if (typeof value === "string") return createTextFiller(value, place, context);
  if (Array.isArray(value)) {
    const elements = value.map((element, index) =>
      createFiller({ value: element, place: [...place, index], imageKey: template.imageKey }, context),
    );
    return orConstant(elements, (row) => elements.map((fill) => fill(row)));
  }
  if (!isObject(value)) return constant(value);
  return createObjectFiller({ ...template, value }, context);
}

const constants = new WeakSet<Filler>();

function constant(value: unknown): Filler {
  const filler: Filler = () => value;
  constants.add(filler);
  return filler;
}

const noRow: TemplateRow = { number: 0, cells: {} };

function orConstant(parts: readonly Filler[], filler: Filler): Filler {
  return parts.every((part) => constants.has(part)) ? constant(filler(noRow)) : filler;
}

/** Whether a filler gives the same for every row. */
export function isConstant(filler: Filler): boolean {
  return constants.has(filler);
}

function createObjectFiller(
  { value, place, imageKey }: Template & { readonly value: Readonly<Record<string, unknown>> },
  context: FillerContext,
): Filler {
  assertNoBareBraces(value, place, context);
  const imageKeys = new Set([imageKey, value.type === "input_image" ? "image_url" : undefined]);
  const entries = Object.entries(value).map(([key, inner]): [string, Filler] => {
    const template = { value: inner, place: [...place, key] };
    if (typeof inner === "string" && imageKeys.has(key)) return [key, createImageFiller(template, context)];
    const isImagePart = value.type === "image_url" && key === "image_url";
    return [key, createFiller({ ...template, ...(isImagePart ? { imageKey: "url" } : {}) }, context)];
  });
  const keys = entries.map(([key]) => key);
  const fillers = entries.map(([, fill]) => fill);
  return orConstant(fillers, (row) => toRecord(keys, (_, index) => fillers[index]?.(row)));
}

/** In YAML, an unquoted {name} is a map with the key `name` and no value. */
function assertNoBareBraces(
  value: Readonly<Record<string, unknown>>,
  place: TemplatePlace,
  { errorAt }: FillerContext,
): void {
  const [[key, inner] = [], ...others] = Object.entries(value);
  if (key === undefined || inner !== null || others.length > 0) return;
  throw errorAt(
    place,
    `an object with nothing but the key ${JSON.stringify(key)} and no value.`,
    `A placeholder alone must be in quotes: "{${key}}".`,
  );
}

function createImageFiller({ value, place }: Template, context: FillerContext): Filler {
  const fillUrl = createTextFiller(String(value), place, context);
  let last: { readonly url: string; readonly imageUrl: string } | undefined;
  return (row) => {
    const url = String(fillUrl(row));
    if (last?.url !== url) last = { url, imageUrl: context.toImageUrl(url) };
    return last.imageUrl;
  };
}

function createTextFiller(text: string, place: TemplatePlace, context: FillerContext): Filler {
  const segments = parseText(text, place, context);
  for (const segment of segments) {
    if (segment.kind === "placeholder") context.used.push({ name: segment.name, place });
  }
  const parts = segments.map((segment) =>
    segment.kind === "literal" ? constant(segment.text) : createCellFiller(segment.name, context),
  );
  return orConstant(parts, (row) => {
    let filled = "";
    for (const fill of parts) filled += String(fill(row));
    return filled;
  });
}

function parseText(text: string, place: TemplatePlace, { errorAt }: FillerContext): readonly Segment[] {
  try {
    return parsePlaceholders(text, { names: "column", place: `the text of ${toFieldPath(place)}` });
  } catch (error) {
    if (!(error instanceof OpenbatchError)) throw error;
    throw errorAt(place, error.message, error.hint);
  }
}

function createCellFiller(name: string, { nullText, used }: FillerContext): Filler {
  return (row) => {
    const text = readCell(row, name);
    if (text === undefined) throw missingCell(name, row, used);
    if (text !== null) return text;
    if (nullText !== undefined) return nullText;
    throw new OpenbatchError("null_cell", `Row ${row.number}: column ${JSON.stringify(name)} is null.`);
  };
}

/** A cell as it stands in a prompt; `undefined` where the row has no such column. */
export function readCell({ cells, number }: TemplateRow, name: string): string | null | undefined {
  const value = findCell(cells, name);
  if (value === undefined || value === null) return value;
  try {
    return toCellText(value);
  } catch (cause) {
    // More levels than there is stack for, or an object that contains itself.
    const message = `Row ${number}: column ${JSON.stringify(name)} is too deep to be written as JSON.`;
    throw new OpenbatchError("invalid_value", message, { cause, hint: "Flatten it, or leave the row out." });
  }
}

/** A column that has a placeholder of its own was not meant by this one. */
function missingCell(
  name: string,
  { number, cells }: TemplateRow,
  used: readonly UsedColumn[],
): OpenbatchError {
  const usedNames = new Set(used.map((column) => column.name));
  const unused = Object.keys(cells).filter((column) => !usedNames.has(column));
  const nearest = nearestColumn(name, unused);
  return new OpenbatchError(
    "missing_variable",
    `Row ${number}: there is no column ${JSON.stringify(name)}.`,
    {
      hint:
        nearest === undefined
          ? "Give the row that column, or go past such rows: onError skip (--on-error skip)."
          : askForColumn(`{${nearest}}`),
    },
  );
}

/** A place as messages show it: `messages[0].content`. */
export function toFieldPath(place: TemplatePlace): string {
  return place
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`))
    .join("");
}
