import { stat } from "node:fs/promises";
import { openBytes, toPath } from "../../files/index.js";
import { assertNoLock } from "../table/open-elsewhere.js";
import type { ReadRow, Row } from "../table/row.js";
import type { TableFormat } from "../table/table-format.js";
import { assertReadRowsOptions, assertTableOptions } from "./assert-table-options.js";
import { type ColumnChoice, createColumnFilter } from "./column-choice.js";
import { decodeText } from "./decode-text.js";
import type { ReadRowsOptions, ReadTableOptions } from "./read-rows-options.js";
import { recogniseFormat } from "./recognise-format.js";
import type { TableSource } from "./table-source.js";

/** A table whose format is known. */
export interface OpenedTable {
  readonly batches: AsyncIterable<readonly ReadRow[]>;
  /** Leaves a row the columns that were asked for. */
  readonly filter: (row: Row) => ReadRow;
}

/** Finds out the format of a table, and loads its reader. */
export async function openTable(path: string | URL, options: ReadTableOptions): Promise<OpenedTable> {
  const name = toPath(path);
  assertReadRowsOptions(options);
  assertNoLock(name);
  const format = options.format ?? (await recogniseFormat(name, options.encoding));
  const filter = toFilter(name, format, options.columns);
  return { batches: await readBatches(name, format, options), filter };
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
async function readBatches(
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
