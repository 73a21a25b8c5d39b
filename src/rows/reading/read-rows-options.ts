import type { OpenbatchError } from "../../errors/index.js";
import type { TableFormat } from "../table/table-format.js";
import type { ColumnChoice } from "./column-choice.js";

export interface ReadRowsOptions<Column extends string = string, Format extends TableFormat = TableFormat> {
  /** By default what the name of the file says, or what it is seen to be where its name does not tell; `-` needs it. */
  readonly format?: Format | undefined;
  /** Whether the first line of CSV or TSV, or row of a sheet, names the columns. True by default; otherwise they are `column_1` and so on. */
  readonly header?: boolean | undefined;
  /**
   * In which line of CSV or TSV, or row of a sheet, the names of the columns stand, counted from 1; what stands above is passed over.
   * By default the first with anything in it.
   */
  readonly headerRow?: number | undefined;
  /** The sheet of a workbook: its name, or its number from 1. By default the first that can be seen and has cells. */
  readonly sheet?: string | number | undefined;
  /** Between the cells of CSV and TSV. By default what the first rows have: `,`, `;`, a tab or `|`, or what `sep=` says. */
  readonly delimiter?: string | undefined;
  /** Around cells of CSV and TSV that hold a delimiter or a line end. `"` by default; `null` where quotes are plain text. */
  readonly quote?: string | null | undefined;
  /**
   * What the text is written in, as the Encoding Standard names it: `windows-1252`, `utf-16le`, `shift_jis`, ….
   * UTF-8 by default. A byte order mark in the file wins.
   */
  readonly encoding?: string | undefined;
  /**
   * The columns to give, all by default; the others of a Parquet file are not even decompressed. A name that the table (a row,
   * with JSON) does not have is an error, and `cells` has the names as its type. A function chooses among the columns of the
   * table; it is not asked for JSON, whose rows may differ.
   */
  readonly columns?: ColumnChoice<Column> | undefined;
  /** Takes a row that cannot be read, and reading goes on behind it. By default such a row is thrown. */
  readonly onBadRow?: ((error: OpenbatchError, number: number) => void) | undefined;
  /** Told how much of the table has been read, 0 to 1, where that can be known: not of standard input, nor of a `.gz`. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /**
   * Told in a sentence each what is worth knowing of a workbook: which sheet was read, and at the end how many rows and columns are
   * hidden, how many cells hold an error, and how many ranges are merged.
   */
  readonly onNote?: ((note: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
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
