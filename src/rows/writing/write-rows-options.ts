import type { WritableFormat } from "../table/table-format.js";

export interface WriteRowsOptions {
  /**
   * The columns, in their order; what else a row has is left out, and what it lacks is null. By default those of the first row, and
   * then a row that has another is an error.
   */
  readonly columns?: readonly string[] | undefined;
  /** By default what the name of the file says; `-` needs it. */
  readonly format?: WritableFormat | undefined;
  /** Whether to replace a file that is there already, once the new one is whole. False by default: then it is an error. */
  readonly overwrite?: boolean | undefined;
  /**
   * Whether CSV and TSV keep text that a spreadsheet would run as a formula, because it starts with `=`, `+`, `-`, `@`, a tab or a
   * carriage return. By default an apostrophe is put before it; numbers such as `-5` stay as they are.
   */
  readonly keepFormulas?: boolean | undefined;
  /** Between the cells of CSV and TSV. By default `,` and a tab. */
  readonly delimiter?: string | undefined;
  /** Whether CSV and TSV begin with a byte order mark, by which Excel knows UTF-8. False by default. */
  readonly byteOrderMark?: boolean | undefined;
  /** Told how many rows were written, after each. */
  readonly onProgress?: ((rows: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was written. */
export interface WrittenTable {
  readonly rows: number;
  /** Cells that got an apostrophe, because a spreadsheet would have run them as a formula. */
  readonly changedCells: number;
}
