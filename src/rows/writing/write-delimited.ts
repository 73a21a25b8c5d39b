import { pipeline } from "node:stream/promises";
import { toDelimitedText } from "../table/cell-json.js";
import type { TableOutput } from "./table-output.js";

export interface DelimitedOutputOptions {
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly byteOrderMark: boolean | undefined;
  readonly keepFormulas: boolean | undefined;
  /** Told of each cell that a spreadsheet would have run as a formula. */
  readonly onChangedCell: () => void;
}

/** Rows of CSV or TSV by RFC 4180, below a header, in UTF-8 with LF. A NUL, which no reader of text takes, is U+FFFD. */
export async function writeDelimited(
  rows: AsyncIterable<readonly unknown[]>,
  output: TableOutput,
  { columns, delimiter, byteOrderMark, keepFormulas, onChangedCell }: DelimitedOutputOptions,
): Promise<void> {
  const { stringify } = await import("csv-stringify");
  // An empty line would be passed over as no row at all.
  const stringifier = stringify({
    delimiter,
    quoted_empty: columns.length === 1,
    bom: byteOrderMark === true,
  });
  const toText = (cell: unknown): string => {
    const text = toDelimitedText(cell).replaceAll("\0", "\uFFFD");
    if (keepFormulas || !isFormula(text)) return text;
    onChangedCell();
    // A spreadsheet shows it then.
    return `'${text}`;
  };
  await pipeline(toRecords(columns, rows, toText), stringifier, async (lines: AsyncIterable<Buffer>) => {
    for await (const line of lines) await output.addText(line.toString());
  });
}

async function* toRecords(
  columns: readonly string[],
  rows: AsyncIterable<readonly unknown[]>,
  toText: (cell: unknown) => string,
): AsyncGenerator<readonly string[]> {
  yield columns.map(toText);
  for await (const row of rows)
    yield row.map((cell) => (Number.isFinite(cell) ? String(cell) : toText(cell)));
}

/** What makes a spreadsheet run a cell, in ASCII and in full width; a tab and a carriage return, which it passes over. */
const formula = /^(?:[\t\r]|\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/;

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Whether a spreadsheet would run a text. */
function isFormula(text: string): boolean {
  return formula.test(text) && !plainNumber.test(text);
}
