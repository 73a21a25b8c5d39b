import { open } from "node:fs/promises";
import type { Compressors, FileMetaData, RowGroup } from "hyparquet";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import type { Row } from "../table/row.js";
import { type ColumnChoice, chooseColumns } from "./column-choice.js";
import {
  createCellReader,
  parquetParsers,
  type ReadCell,
  topLevelElements,
  withRawDecimals,
} from "./parquet-cell.js";

export interface ParquetOptions {
  readonly columns: ColumnChoice | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((fraction: number) => void) | undefined;
}

/** Rows read at a time from a file that says where each page starts. */
const windowRows = 20_000;

/** Rows that are handed on together. */
const batchRows = 1000;

/**
 * Rows of a Parquet file, reading only the columns asked for. A file with an offset index is read in slices of its row groups;
 * any other a whole row group at a time, because finding a slice would mean reading the group from its start again.
 */
export async function* readParquetRows(
  path: string,
  { columns: asked, signal, onProgress }: ParquetOptions,
): AsyncGenerator<readonly Row[]> {
  await assertParquet(path);
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetScan }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const file = await asyncBufferFromFile(path);
  const found = await orTableError(path, () => parquetMetadataAsync(file));
  const readers = toReaders(found, path);
  const columns = [...readers.keys()];
  const chosen = asked === undefined ? columns : chooseColumns(asked, columns, path);
  const metadata = withRawDecimals(found);
  const common = { file, metadata, parsers: parquetParsers, utf8: false };
  const scan = await orTableError(path, () =>
    parquetScan({ ...common, compressors: withEmptyPages(compressors), columns: [...chosen] }),
  );
  for (const { rowStart, rowEnd } of toWindows(metadata, chosen)) {
    signal?.throwIfAborted();
    const data = await Promise.all(
      chosen.map((column) => orTableError(path, () => scan.readColumn({ column, rowStart, rowEnd }), column)),
    );
    onProgress?.(rowEnd / Number(metadata.num_rows));
    for (let start = rowStart; start < rowEnd; start += batchRows) {
      const numbers = Array.from(
        { length: Math.min(batchRows, rowEnd - start) },
        (_, index) => start + index,
      );
      yield numbers.map((row) => ({
        number: row + 1,
        cells: toCells((index) => data[index]?.[row - rowStart], chosen, readers),
        columns,
      }));
    }
  }
}

async function assertParquet(path: string): Promise<void> {
  if (path === "-") {
    throw new OpenbatchError("invalid_option", "Parquet cannot be read from standard input.", {
      hint: "Its index stands at its end: write it to a file first.",
    });
  }
  const magic = await readMagic(path);
  if (magic === "PAR1") return;
  const found = magic === "PARE" ? "an encrypted Parquet file" : "not a Parquet file";
  throw new OpenbatchError("invalid_table", `${path} is ${found}.`, {
    hint: "Say what it is: format (--input-format). A Parquet file must not be compressed as a whole.",
  });
}

async function readMagic(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw toFileError(cause, "read", path);
  }
}

/** hyparquet's messages name what is wrong with the file, never a value of it. */
async function orTableError<Value>(
  path: string,
  work: () => Promise<Value>,
  column?: string,
): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    const fileError = toFileError(cause, "read", path);
    if (fileError instanceof OpenbatchError) throw fileError;
    const what = column === undefined ? path : `${path}: the column ${JSON.stringify(column)}`;
    throw new OpenbatchError("invalid_table", `${what} cannot be read as Parquet.`, {
      cause,
      hint: "Check that it is whole; a column of a kind that cannot be read (INTERVAL, BSON, text that is not UTF-8) must be left out of it.",
    });
  }
}

/** Of a column of nulls alone the dictionary is empty, which hyparquet-compressors takes for damaged where it is LZ4. */
function withEmptyPages({ LZ4_RAW: decompress, ...others }: Compressors): Compressors {
  if (decompress === undefined) return others;
  return {
    ...others,
    LZ4_RAW: (bytes, size) => (size === 0 ? new Uint8Array() : decompress(bytes, size)),
  };
}

function toReaders(metadata: FileMetaData, path: string): ReadonlyMap<string, ReadCell> {
  const readers = new Map<string, ReadCell>();
  for (const element of topLevelElements(metadata.schema)) {
    if (readers.has(element.name)) {
      throw new OpenbatchError(
        "invalid_table",
        `${path}: two columns are called ${JSON.stringify(element.name)}.`,
        { hint: "Give each column a name of its own." },
      );
    }
    readers.set(element.name, createCellReader(element));
  }
  return readers;
}

function* toWindows(metadata: FileMetaData, columns: readonly string[]) {
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    const step = hasOffsetIndex(group, columns) ? windowRows : Math.max(1, groupEnd - groupStart);
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += step) {
      yield { rowStart, rowEnd: Math.min(rowStart + step, groupEnd) };
    }
    groupStart = groupEnd;
  }
}

function hasOffsetIndex(group: RowGroup, columns: readonly string[]): boolean {
  return group.columns.every(
    ({ meta_data, offset_index_offset }) =>
      offset_index_offset !== undefined || !columns.includes(meta_data?.path_in_schema[0] ?? ""),
  );
}

function toCells(
  cellOf: (columnIndex: number) => unknown,
  columns: readonly string[],
  readers: ReadonlyMap<string, ReadCell>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(columns.map((name, index) => [name, readers.get(name)?.(cellOf(index)) ?? null]));
}
