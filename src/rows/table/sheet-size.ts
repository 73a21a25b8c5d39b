import { OpenbatchError } from "../../errors/index.js";

/** As Excel has it: rows, and columns up to XFD. */
export const maxSheetRows = 1_048_576;
export const maxSheetColumns = 16_384;

/**
 * Refuses, before anything is written, a table with more rows below its header than a sheet has.
 *
 * @throws {OpenbatchError} `invalid_table`
 */
export function assertRowsFit(rows: number, format: string): void {
  if (format === "xlsx" && rows >= maxSheetRows) throw tooManyForSheet("rows");
}

/** The error for a table that does not fit into a sheet. */
export function tooManyForSheet(what: "rows" | "columns"): OpenbatchError {
  const limit = what === "rows" ? "1,048,576 rows, one of them the header" : "16,384 columns";
  return new OpenbatchError(
    "invalid_table",
    `The table has too many ${what}: a sheet of Excel has at most ${limit}.`,
    {
      hint: "Write it as .parquet, .csv or .jsonl instead.",
    },
  );
}

/** The name of a column as a spreadsheet shows it: A, Z, AA. */
export function toColumnName(index: number): string {
  const letter = String.fromCharCode(0x41 + (index % 26));
  return index < 26 ? letter : `${toColumnName(Math.floor(index / 26) - 1)}${letter}`;
}
