import { type FileHandle, open, rm } from "node:fs/promises";
import type { SchemaElement } from "hyparquet";
import type { ColumnSource } from "hyparquet-writer";
import { toFileError } from "../errors/index.js";
import { LineScanner } from "../jsonl/index.js";
import { toCellJson } from "./cell-json.js";
import { type ColumnKind, kindOf, mergeKinds } from "./column-kind.js";
import { TableOutput } from "./table-output.js";

export interface ParquetOutputOptions {
  readonly columns: readonly string[];
  /** Where the rows are kept, as JSON, until the kinds of all columns are known. Removed in the end. */
  readonly scratch: string;
}

/** Of the rows in one row group, which is in memory whole: how many at most, and about how many bytes as JSON. */
const maxGroupRows = 100_000;
const maxGroupBytes = 8_388_608;

/**
 * Rows of Parquet, compressed with Snappy. The type of a column is that of all its cells: BOOLEAN, INT64, DOUBLE, STRING, a list of
 * FLOAT (of a `Float32Array`), DOUBLE or STRING, and JSON for anything else or for several of these.
 */
export async function writeParquet(
  rows: AsyncIterable<readonly unknown[]>,
  output: TableOutput,
  { columns, scratch }: ParquetOutputOptions,
): Promise<void> {
  const file = await open(scratch, "wx+", 0o600).catch((cause: unknown) => {
    throw toFileError(cause, "write", scratch);
  });
  try {
    const kinds = await keepRows(rows, file, columns);
    await writeKeptRows(
      file,
      output,
      columns.map((name, index) => ({ name, kind: kinds[index] ?? "empty" })),
    );
  } finally {
    await file.close();
    await rm(scratch, { force: true });
  }
}

/** Writes each row as one line of JSON, and gives the kinds of the columns. */
async function keepRows(
  rows: AsyncIterable<readonly unknown[]>,
  file: FileHandle,
  columns: readonly string[],
): Promise<readonly ColumnKind[]> {
  let kinds: readonly ColumnKind[] = columns.map(() => "empty");
  const scratch = new TableOutput((bytes) => file.writeFile(bytes));
  for await (const row of rows) {
    const cells = row.map(toCellJson);
    kinds = kinds.map((kind, index) => mergeKinds(kind, kindOf(cells[index] ?? "null", row[index])));
    await scratch.addText(`[${cells.join(",")}]\n`);
  }
  await scratch.flush();
  return kinds;
}

interface TypedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

async function writeKeptRows(
  file: FileHandle,
  output: TableOutput,
  columns: readonly TypedColumn[],
): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const bytes = new ByteWriter();
  const schema = [{ name: "root", num_children: columns.length }, ...columns.flatMap(toSchema)];
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: "openbatch" });
  const hand = async () => {
    await output.addBytes(bytes.getBytes());
    bytes.index = 0;
  };
  for await (const rows of readGroups(file)) {
    writer.write({ columnData: toColumnData(columns, rows), rowGroupSize: rows.length });
    await hand();
  }
  writer.finish();
  await hand();
}

/** Reads the kept rows again, as many at a time as make a row group. */
async function* readGroups(file: FileHandle): AsyncGenerator<readonly (readonly unknown[])[]> {
  let rows: (readonly unknown[])[] = [];
  let length = 0;
  const scanner = new LineScanner((line) => {
    // An array is what was written.
    rows.push(JSON.parse(line.bytes.toString()) as readonly unknown[]);
    length += line.length;
  });
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    scanner.push(chunk);
    if (rows.length < maxGroupRows && length < maxGroupBytes) continue;
    yield rows;
    rows = [];
    length = 0;
  }
  if (rows.length > 0) yield rows;
}

function toColumnData(
  columns: readonly TypedColumn[],
  rows: readonly (readonly unknown[])[],
): ColumnSource[] {
  return columns.map(({ name, kind }, index) => ({
    name,
    data: rows.map((row) => toStored(row[index], kind)),
  }));
}

/** An integer is given to the writer as a bigint. */
function toStored(cell: unknown, kind: ColumnKind): unknown {
  return kind === "integer" && typeof cell === "number" ? BigInt(cell) : cell;
}

function toSchema({ name, kind }: TypedColumn): readonly SchemaElement[] {
  const item = itemOf(kind);
  if (item === undefined) return [{ name, repetition_type: "OPTIONAL", ...typeOf(kind) }];
  return [
    { name, repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", ...item },
  ];
}

type ElementType = Pick<SchemaElement, "type" | "converted_type">;

const text: ElementType = { type: "BYTE_ARRAY", converted_type: "UTF8" };

function itemOf(kind: ColumnKind): ElementType | undefined {
  if (kind === "singles") return { type: "FLOAT" };
  if (kind === "numbers") return { type: "DOUBLE" };
  return kind === "texts" ? text : undefined;
}

function typeOf(kind: ColumnKind): ElementType {
  switch (kind) {
    case "boolean":
      return { type: "BOOLEAN" };
    case "integer":
      return { type: "INT64" };
    case "number":
      return { type: "DOUBLE" };
    case "text":
    case "empty":
      return text;
    default:
      return { type: "BYTE_ARRAY", converted_type: "JSON" };
  }
}
