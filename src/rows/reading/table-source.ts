import { formatCount, OpenbatchError } from "../../errors/index.js";

/** What the reader of one format is given. */
export interface TableSource {
  /** The file, for messages. */
  readonly name: string;
  /** UTF-8 without a byte order mark. */
  readonly text: AsyncIterable<Buffer>;
}

/** Bytes that one row may have in its file: 64 MiB. More is a mistake such as a quote that nobody closed. */
export const maxRowBytes = 67_108_864;

/** Cells that one row of CSV or TSV may have: six times as many as a spreadsheet has columns. */
export const maxRowCells = 100_000;

/** The error for a row with more cells. */
export function tooManyCells(place: string): OpenbatchError {
  return new OpenbatchError(
    "invalid_table",
    `${place}: the row has more than ${formatCount(maxRowCells)} cells.`,
    {
      hint: "Is the delimiter another: delimiter (--delimiter)? Or the file of another format: format (--input-format)?",
    },
  );
}

/** The error for a row above the limit. */
export function rowTooLong(place: string): OpenbatchError {
  return new OpenbatchError(
    "invalid_table",
    `${place}: the row has more than ${maxRowBytes} bytes (64 MiB).`,
    {
      hint: "Look whether a quote or a bracket is not closed there, or the file is of another format (--input-format).",
    },
  );
}
