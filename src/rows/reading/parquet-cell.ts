import { isUtf8 } from "node:buffer";
import type { FileMetaData, ParquetParsers, SchemaElement } from "hyparquet";
import { toShortestSingle } from "../table/shortest-single.js";
import { parseExactly } from "./parse-json-row.js";

/** Turns a cell as hyparquet gives it into a value of a row. */
export type ReadCell = (value: unknown) => unknown;

const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What hyparquet makes of annotated values: text that loses nothing. */
export const parquetParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => toInstant(BigInt(value), 1_000n),
  timestampFromMicroseconds: (value) => toInstant(BigInt(value), 1_000_000n),
  timestampFromNanoseconds: (value) => toInstant(BigInt(value), 1_000_000_000n),
  dateFromDays: toDate,
  stringFromBytes: (bytes) => (bytes === undefined ? undefined : strictText.decode(bytes)),
  jsonFromBytes: (bytes) => (bytes === undefined ? undefined : parseExactly(strictText.decode(bytes))),
};

/** Takes the mark of a decimal off simple columns, so that they come as integers and are not turned into doubles. */
export function withRawDecimals(metadata: FileMetaData): FileMetaData {
  const toRaw = ({ converted_type, logical_type, ...rest }: SchemaElement): SchemaElement => rest;
  const topLevel = new Set(topLevelElements(metadata.schema));
  const schema = metadata.schema.map((element) =>
    topLevel.has(element) && isDecimal(element) ? toRaw(element) : element,
  );
  return { ...metadata, schema };
}

/** The elements of a flattened schema that stand directly below its root. */
export function topLevelElements(schema: readonly SchemaElement[]): readonly SchemaElement[] {
  const found: SchemaElement[] = [];
  let open = 0;
  for (const element of schema.slice(1)) {
    if (open === 0) found.push(element);
    open += (element.num_children ?? 0) - (open === 0 ? 0 : 1);
  }
  return found;
}

/** The reader for the cells of one column. */
export function createCellReader(element: SchemaElement): ReadCell {
  const read = chooseReader(element);
  return (value) => (value === undefined || value === null ? null : read(value));
}

function chooseReader(element: SchemaElement): ReadCell {
  const { type, converted_type, logical_type } = element;
  if (isDecimal(element)) return (value) => toDecimal(toUnscaled(value), toScale(element));
  if (logical_type?.type === "DATE") return (value) => (typeof value === "number" ? toDate(value) : value);
  if (logical_type?.type === "TIMESTAMP" && !logical_type.isAdjustedToUTC) {
    return (value) => (typeof value === "string" ? value.replace(/Z$/, "") : toPlain(value));
  }
  if (converted_type === "TIME_MILLIS") return (value) => toTime(toUnscaled(value), 1_000n);
  if (converted_type === "TIME_MICROS") return (value) => toTime(toUnscaled(value), 1_000_000n);
  if (logical_type?.type === "TIME")
    return (value) => toTime(toUnscaled(value), unitsPerSecond[logical_type.unit]);
  if (type === "FLOAT" && element.repetition_type !== "REPEATED") {
    return (value) => (typeof value === "number" ? orNull(toShortestSingle(value)) : value);
  }
  return toPlain;
}

const unitsPerSecond = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };

function isDecimal({ converted_type, logical_type, num_children }: SchemaElement): boolean {
  return !num_children && (converted_type === "DECIMAL" || logical_type?.type === "DECIMAL");
}

function toScale({ scale, logical_type }: SchemaElement): number {
  return scale ?? (logical_type?.type === "DECIMAL" ? logical_type.scale : 0);
}

function toUnscaled(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(String(value));
  const hex = Buffer.from(value).toString("hex");
  return hex === "" ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${hex}`));
}

function toDecimal(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const point = digits.length - scale;
  const text = scale <= 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return unscaled < 0n ? `-${text}` : text;
}

function toInstant(value: bigint, perSecond: bigint): string {
  const within = ((value % perSecond) + perSecond) % perSecond;
  const seconds = (value - within) / perSecond;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -5)}${toFraction(within, perSecond)}Z`;
}

function toDate(days: number): string {
  return new Date(days * 86_400_000).toISOString().replace(/T.*$/, "");
}

function toTime(value: bigint, perSecond: bigint): string {
  const seconds = Number(value / perSecond);
  const clock = new Date(seconds * 1000).toISOString().slice(11, 19);
  return `${clock}${toFraction(value % perSecond, perSecond)}`;
}

/** As many digits as the unit has, in groups of three; nothing for a whole second. */
function toFraction(within: bigint, perSecond: bigint): string {
  const digits = String(within + perSecond).slice(1);
  return within === 0n ? "" : `.${digits.replace(/(?:000)+$/, "")}`;
}

/** What pandas and others write where a number is absent, NaN and infinity, is no value. */
function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return orNull(value);
  if (value instanceof Uint8Array) return toTextOrBase64(value);
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    // Every view but DataView, which hyparquet never gives, can be iterated.
    return Array.from(value as Iterable<unknown>, toPlain);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toPlain(inner)]));
  }
  return value === undefined ? null : value;
}

function toTextOrBase64(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString(isUtf8(buffer) ? "utf8" : "base64");
}
