import type { Row } from "../table/row.js";
import type { TableFormat } from "../table/table-format.js";
import type { ReadRowsOptions, ReadTableOptions } from "./read-rows-options.js";

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

/** As `readRows`, for those who write the rows again. */
export async function* readTable(path: string | URL, options: ReadTableOptions): AsyncGenerator<Row> {
  const { openTable } = await import("./open-table.js");
  const { batches, filter } = await openTable(path, options);
  for await (const rows of batches) {
    for (const read of rows) {
      options.signal?.throwIfAborted();
      const row = "error" in read ? read : filter(read);
      if (!("error" in row)) yield row;
      else if (options.onBadRow === undefined) throw row.error;
      else options.onBadRow(row.error, row.number);
    }
  }
}
