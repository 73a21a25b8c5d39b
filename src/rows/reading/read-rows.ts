import { stat } from "node:fs/promises";
import type { OpenbatchError } from "../../errors/index.js";
import { openBytes, toPath } from "../../files/index.js";
import { assertNoLock } from "../table/open-elsewhere.js";
import type { ReadRow, Row } from "../table/row.js";
import type { TableFormat } from "../table/table-format.js";
import { assertTableOptions } from "./assert-table-options.js";
import { type ColumnChoice, createColumnFilter } from "./column-choice.js";
import { decodeText } from "./decode-text.js";
import { recogniseFormat } from "./recognise-format.js";
import type { TableSource } from "./table-source.js";

export interface ReadRowsOptions<Column extends string = string, Format extends TableFormat = TableFormat> {
  /** By default what the name of the file says, or what it is seen to be where its name does not tell; `-` needs it. */
  readonly format?: Format;
  /** Whether the first line of CSV or TSV, or row of a sheet, names the columns. True by default; otherwise they are `column_1` and so on. */
  readonly header?: boolean;
  /**
   * In which line of CSV or TSV, or row of a sheet, the names of the columns stand, counted from 1; what stands above is passed over.
   * By default the first with anything in it.
   */
  readonly headerRow?: number;
  /** The sheet of a workbook: its name, or its number from 1. By default the first that can be seen and has cells. */
  readonly sheet?: string | number;
  /** Between the cells of CSV and TSV. By default what the first rows have: `,`, `;`, a tab or `|`, or what `sep=` says. */
  readonly delimiter?: string;
  /** Around cells of CSV and TSV that hold a delimiter or a line end. `"` by default; `null` where quotes are plain text. */
  readonly quote?: string | null;
  /**
   * What the text is written in, as the Encoding Standard names it: `windows-1252`, `utf-16le`, `shift_jis`, ….
   * UTF-8 by default. A byte order mark in the file wins.
   */
  readonly encoding?: string;
  /**
   * The columns to give, all by default; the others of a Parquet file are not even decompressed. A name that the table (a row,
   * with JSON) does not have is an error, and `cells` has the names as its type. A function chooses among the columns of the
   * table; it is not asked for JSON, whose rows may differ.
   */
  readonly columns?: ColumnChoice<Column>;
  /** Takes a row that cannot be read, and reading goes on behind it. By default such a row is thrown. */
  readonly onBadRow?: (error: OpenbatchError, number: number) => void;
  /** Told how much of the table has been read, 0 to 1, where that can be known: not of standard input, nor of a `.gz`. */
  readonly onProgress?: (fraction: number) => void;
  /**
   * Told in a sentence each what is worth knowing of a workbook: which sheet was read, and at the end how many rows and columns are
   * hidden, how many cells hold an error, and how many ranges are merged.
   */
  readonly onNote?: (note: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads a table row by row, in little memory however long it is: CSV and TSV with a header, JSON Lines, a JSON array of objects,
 * Parquet, a sheet of an Excel workbook. All but Parquet may be compressed with gzip, and may come from standard input as `-`.
 *
 * Of Parquet without a page index one row group is in memory, in the `columns` asked for: write row groups of at most 100,000
 * rows, or a page index.
 *
 * @throws {OpenbatchError} `invalid_table` where the file is not what it should be, with row, line and what to do;
 * `invalid_option` (also for a column that is not there), `file_not_found`, `unreadable_input`.
 *
 * @example
 * ```ts
 * import { readRows } from "openbatch";
 *
 * for await (const { number, cells } of readRows("airports.csv", { columns: ["name", "city"] })) {
 *   console.log(number, cells.name);
 * }
 * ```
 */
export function readRows<const Column extends string = string, Format extends TableFormat = TableFormat>(
  path: string | URL,
  options: ReadRowsOptions<Column, Format> = {},
): AsyncGenerator<Row<Column, Format extends "csv" | "tsv" ? string : unknown>> {
  // It has the columns that were asked for, and cells of CSV and TSV are text.
  return readTable(path, options) as AsyncGenerator<
    Row<Column, Format extends "csv" | "tsv" ? string : unknown>
  >;
}

/** How a table of CSV or TSV was found to be written. */
export interface WrittenAs {
  readonly format: "csv" | "tsv";
  readonly delimiter: string;
  readonly hasByteOrderMark: boolean;
}

/** What only those ask for who write the rows again. */
export interface ReadTableOptions extends ReadRowsOptions {
  /** Told before the first row how a table of CSV or TSV is written. */
  readonly onWrittenAs?: (found: WrittenAs) => void;
  /** Whether dates of a workbook stay what they are, for another workbook. */
  readonly keepDates?: boolean;
}

/** As `readRows`, for those who write the rows again. */
export async function* readTable(path: string | URL, options: ReadTableOptions): AsyncGenerator<Row> {
  const name = toPath(path);
  assertNoLock(name);
  const format = options.format ?? (await recogniseFormat(name, options.encoding));
  const filter = toFilter(name, format, options.columns);
  for await (const rows of await openTable(name, format, options)) {
    for (const read of rows) {
      options.signal?.throwIfAborted();
      const row = "error" in read ? read : filter(read);
      if (!("error" in row)) yield row;
      else if (options.onBadRow === undefined) throw row.error;
      else options.onBadRow(row.error, row.number);
    }
  }
}

/** Parquet is read by columns, and has no others to leave out. */
function toFilter(
  path: string,
  format: TableFormat,
  columns: ColumnChoice | undefined,
): (row: Row) => ReadRow {
  if (columns === undefined || format === "parquet") return (row) => row;
  return createColumnFilter(columns, nameOf(path));
}

function nameOf(path: string): string {
  return path === "-" ? "standard input" : path;
}

/** Loads the reader of the one format. */
async function openTable(
  path: string,
  format: TableFormat,
  options: ReadTableOptions,
): Promise<AsyncIterable<readonly ReadRow[]>> {
  assertTableOptions(format, options);
  const { signal, encoding, columns, onProgress } = options;
  const name = nameOf(path);
  if (format === "parquet") {
    const { readParquetRows } = await import("./parquet-rows.js");
    return readParquetRows(path, { columns, signal, onProgress });
  }
  if (format === "xlsx") {
    const { readWorkbookRows } = await import("./workbook-rows.js");
    const { sheet, header = true, headerRow, keepDates = false, onNote } = options;
    return readWorkbookRows(path, { ...{ sheet, header, headerRow, keepDates }, signal, onProgress, onNote });
  }
  const bytes = withProgress(openBytes(path, signal && { signal }), path, onProgress);
  let hasByteOrderMark = false;
  const onByteOrderMark = (): void => {
    hasByteOrderMark = true;
  };
  const source: TableSource = { name, text: decodeText(bytes, { name, encoding, onByteOrderMark }) };
  switch (format) {
    case "csv":
    case "tsv": {
      const { readDelimitedRows } = await import("./delimited-rows.js");
      const { delimiter, header = true, headerRow, quote = '"', onWrittenAs } = options;
      const usual = format === "csv" ? "," : "\t";
      return readDelimitedRows(source, {
        ...{ delimiter, usual, quote, header, headerRow },
        onDialect: (dialect) => onWrittenAs?.({ format, delimiter: dialect.delimiter, hasByteOrderMark }),
      });
    }
    case "jsonl": {
      const { readJsonLinesRows } = await import("./json-lines-rows.js");
      return readJsonLinesRows(source);
    }
    case "json": {
      const { readJsonArrayRows } = await import("./json-array-rows.js");
      return readJsonArrayRows(source);
    }
    default:
      return format satisfies never;
  }
}

async function* withProgress(
  chunks: AsyncIterable<Buffer>,
  path: string,
  onProgress: ReadRowsOptions["onProgress"],
): AsyncGenerator<Buffer> {
  const isKnown = onProgress !== undefined && path !== "-" && !path.toLowerCase().endsWith(".gz");
  const size = isKnown
    ? await stat(path).then(
        (stats) => stats.size,
        () => 0,
      )
    : 0;
  let read = 0;
  for await (const chunk of chunks) {
    read += chunk.length;
    if (size > 0) onProgress?.(Math.min(1, read / size));
    yield chunk;
  }
}
