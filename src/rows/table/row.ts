import type { OpenbatchError } from "../../errors/index.js";

/** One row of a table; the types of its columns and cells are known where the options of `readRows` say them. */
export interface Row<Column extends string = string, Cell = unknown> {
  /** Counted from 1; a header and empty lines are no rows. */
  readonly number: number;
  /** The line where the row starts, or its row in the sheet of a workbook, counted from 1. Absent for Parquet, which has no lines. */
  readonly line?: number | undefined;
  /** The sheet of a workbook where it stands. Absent for other tables. */
  readonly sheet?: string | undefined;
  /**
   * The row's values by column. CSV and TSV give text alone. JSON gives what stands in the file, but a number that a double cannot
   * hold exactly comes as its text. Parquet gives large integers and decimals as decimal text, dates and times as ISO 8601 text,
   * and bytes that are no text as base64. A workbook gives text, numbers and booleans, dates, times and durations as ISO 8601 text, and
   * null where a cell is empty or holds an error.
   */
  readonly cells: Readonly<Record<Column, Cell>>;
  /** Every column of the table, where all rows have the same. Absent for JSON, whose rows may differ. */
  readonly columns?: readonly string[] | undefined;
}

/** A row that cannot be read, although reading can go on behind it. */
export interface BadRow {
  readonly number: number;
  readonly error: OpenbatchError;
}

/** What the reader of a format gives, in the order of the file. */
export type ReadRow = Row | BadRow;
