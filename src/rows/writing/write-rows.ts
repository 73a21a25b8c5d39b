import type { WriteRowsOptions, WrittenTable } from "./write-rows-options.js";

/**
 * Writes a table row by row, in little memory however long it is: CSV or TSV with a header, JSON Lines, Parquet, or a workbook of Excel. The file is
 * written beside and put in its place when it is whole; `-` is standard output. Gives the number of rows.
 *
 * Objects and arrays are JSON text in CSV and TSV; in JSON Lines they are what they are. The type of a Parquet column is found
 * from all its cells: text, whole numbers, numbers, booleans, lists of numbers or of text, and JSON for the rest. For that the rows
 * are kept in a file beside first, unless they are few. In a workbook numbers, booleans and a `Date` are what they are, text is never a
 * formula, and what Excel has no room for (a cell of more than 32,767 characters, more than 1,048,576 rows with the header) is an error.
 *
 * @throws {OpenbatchError} `invalid_option`, `invalid_table` for a row that is no object or has a column of its own,
 * `file_exists`, `disk_full`, and others of a file that cannot be written; what `rows` throws. Then nothing is left behind.
 *
 * @example
 * ```ts
 * import { writeRows } from "openbatch";
 *
 * await writeRows("cities.csv", [
 *   { name: "Paris", country: "France" },
 *   { name: "Rome", country: "Italy" },
 * ]);
 * ```
 */
export async function writeRows(
  path: string | URL,
  rows: Iterable<object> | AsyncIterable<object>,
  options: WriteRowsOptions = {},
): Promise<number> {
  const { rows: count } = await writeTable(path, rows, options);
  return count;
}

/** As `writeRows`; gives the number of changed cells too. */
export async function writeTable(
  path: string | URL,
  rows: Iterable<object> | AsyncIterable<object>,
  options: WriteRowsOptions,
): Promise<WrittenTable> {
  const { writeTableFile } = await import("./write-table-file.js");
  return writeTableFile(path, rows, options);
}
