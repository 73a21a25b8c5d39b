import { pipeline } from "node:stream/promises";
import { toCellText } from "./cell-json.js";
import { toHarmlessText } from "./harmless-cell.js";
import type { TableOutput } from "./table-output.js";

export interface DelimitedOutputOptions {
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly keepFormulas: boolean;
}

/** Rows of CSV or TSV by RFC 4180, below a header, in UTF-8 with LF. A NUL, which no reader of text takes, is U+FFFD. */
export async function writeDelimited(
  rows: AsyncIterable<readonly unknown[]>,
  output: TableOutput,
  { columns, delimiter, keepFormulas }: DelimitedOutputOptions,
): Promise<void> {
  const { stringify } = await import("csv-stringify");
  // An empty line would be passed over as no row at all.
  const stringifier = stringify({ delimiter, quoted_empty: columns.length === 1 });
  const toText = (cell: unknown): string => {
    const text = toCellText(cell).replaceAll("\0", "\uFFFD");
    return keepFormulas ? text : toHarmlessText(text);
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
    yield row.map((cell) => (typeof cell === "number" ? String(cell) : toText(cell)));
}
