import type { ColumnChunk, SchemaElement } from "hyparquet";
import type { ColumnSource, ParquetWriter } from "hyparquet-writer";
import { type ColumnKind, mergeKinds } from "./column-kind.js";
import { type KeptCell, keepCell, keptBytesOf, toStored, toVector } from "./kept-cell.js";
import { type CellGroup, KeptGroups } from "./kept-groups.js";
import type { TableOutput } from "./table-output.js";
import { writeVectors } from "./vector-chunk.js";

export interface ParquetOutputOptions {
  readonly columns: readonly string[];
  /** Where rows are kept until the kinds of all columns are known, if they are many. Removed in the end. */
  readonly scratch: string;
  readonly signal: AbortSignal | undefined;
}

/** Of the rows in one row group, which is in memory whole: how many at most, and about how many bytes. */
const maxGroupRows = 100_000;
const maxGroupBytes = 8_388_608;

/**
 * Rows of Parquet, compressed with Snappy. The type of a column is that of all its cells: BOOLEAN, INT64, DOUBLE, STRING, a list of
 * FLOAT (of a `Float32Array`), DOUBLE or STRING, and JSON for anything else or for several of these.
 */
export async function writeParquet(
  rows: AsyncIterable<readonly unknown[]>,
  output: TableOutput,
  { columns, scratch, signal }: ParquetOutputOptions,
): Promise<void> {
  const groups = new KeptGroups(scratch);
  try {
    const kinds = await keepRows(rows, groups, columns.length);
    const typed = columns.map((name, index) => ({ name, kind: kinds[index] ?? "empty" }));
    await writeGroups(typed, output, { groups, signal });
  } finally {
    await groups.close();
  }
}

/** Keeps all rows, and gives the kinds of the columns. */
async function keepRows(
  rows: AsyncIterable<readonly unknown[]>,
  groups: KeptGroups,
  columnCount: number,
): Promise<readonly ColumnKind[]> {
  const kinds = new Array<ColumnKind>(columnCount).fill("empty");
  let group = startGroup(columnCount);
  let count = 0;
  let bytes = 0;
  for await (const row of rows) {
    if (count >= maxGroupRows || bytes >= maxGroupBytes) {
      await groups.add(group);
      group = startGroup(columnCount);
      count = 0;
      bytes = 0;
    }
    for (const [index, cells] of group.entries()) {
      const { kept, kind } = keepCell(row[index]);
      kinds[index] = mergeKinds(kinds[index] ?? "empty", kind);
      cells.push(kept);
      bytes += keptBytesOf(kept);
    }
    count += 1;
  }
  if (count > 0) await groups.add(group);
  return kinds;
}

function startGroup(columnCount: number): readonly KeptCell[][] {
  return Array.from({ length: columnCount }, () => []);
}

interface TypedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

async function writeGroups(
  columns: readonly TypedColumn[],
  output: TableOutput,
  { groups, signal }: { readonly groups: KeptGroups; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const bytes = new ByteWriter();
  const schema = [{ name: "root", num_children: columns.length }, ...columns.flatMap(toSchema)];
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: "openbatch" });
  const hand = async () => {
    await output.addBytes(bytes.getBytes());
    bytes.index = 0;
  };
  for await (const group of groups.read()) {
    signal?.throwIfAborted();
    await writeGroup(writer, columns, group);
    await hand();
  }
  writer.finish();
  await hand();
}

/** Writes the columns one after the other, and makes one row group of them. */
async function writeGroup(
  writer: ParquetWriter,
  columns: readonly TypedColumn[],
  group: CellGroup,
): Promise<void> {
  const rowGroupSize = group[0]?.length ?? 0;
  const rows = writer.num_rows + BigInt(rowGroupSize);
  const chunks: ColumnChunk[] = [];
  for (const [index, column] of columns.entries()) {
    const cells = group[index] ?? [];
    if (column.kind === "singles") {
      chunks.push(writeVectors(writer, toVectorSchema(column), cells.map(toVector)));
    } else {
      await writer.write({ columnData: [toColumnData(column, cells)], rowGroupSize });
      chunks.push(...(writer.row_groups.pop()?.columns ?? []));
    }
  }
  writer.num_rows = rows;
  writer.row_groups.push({
    columns: chunks,
    num_rows: BigInt(rowGroupSize),
    total_byte_size: sumOf(chunks, "total_uncompressed_size"),
    total_compressed_size: sumOf(chunks, "total_compressed_size"),
  });
}

function sumOf(
  chunks: readonly ColumnChunk[],
  size: "total_uncompressed_size" | "total_compressed_size",
): bigint {
  return chunks.reduce((sum, { meta_data }) => sum + (meta_data?.[size] ?? 0n), 0n);
}

function toColumnData({ name, kind }: TypedColumn, cells: CellGroup[number]): ColumnSource {
  const data = cells.map((cell) => toStored(cell, kind));
  // Numbers in lists hardly ever repeat, and nobody looks for the least of them.
  return kind === "numbers" ? { name, data, encoding: "PLAIN", statistics: false } : { name, data };
}

function toSchema(column: TypedColumn): readonly SchemaElement[] {
  const { name, kind } = column;
  switch (kind) {
    case "singles":
      return toVectorSchema(column);
    case "numbers":
      return toListSchema(name, { type: "DOUBLE" });
    case "texts":
      return toListSchema(name, text);
    default:
      return [{ name, repetition_type: "OPTIONAL", ...typeOf(kind) }];
  }
}

type ListSchema = readonly [SchemaElement, SchemaElement, SchemaElement];

function toVectorSchema({ name }: TypedColumn): ListSchema {
  return toListSchema(name, { type: "FLOAT" });
}

function toListSchema(name: string, item: ElementType): ListSchema {
  return [
    { name, repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", ...item },
  ];
}

type ElementType = Pick<SchemaElement, "type" | "converted_type">;

const text: ElementType = { type: "BYTE_ARRAY", converted_type: "UTF8" };

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
