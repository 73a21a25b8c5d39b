import { pipeline, Readable } from "node:stream";
import type { CsvError, InfoRecord } from "csv-parse";
import { OpenbatchError } from "../../errors/index.js";
import type { ReadRow } from "../table/row.js";
import { toColumnNames } from "./column-names.js";
import { type Dialect, recogniseDialect } from "./dialect.js";
import { maxRowBytes, maxRowCells, rowTooLong, type TableSource, tooManyCells } from "./table-source.js";

export interface DelimitedOptions {
  /** By default the one that the table is seen to have, or else the usual one. */
  readonly delimiter: string | undefined;
  readonly usual: string;
  readonly quote: string | null;
  readonly header: boolean;
  /** The line with the names of the columns; those above it are passed over. */
  readonly headerRow?: number | undefined;
  /** Told how the table is written, before its first row. */
  readonly onDialect?: ((dialect: Dialect) => void) | undefined;
}

interface RawRecord {
  readonly record: readonly string[];
  readonly info: InfoRecord;
}

/**
 * Rows of CSV or TSV by RFC 4180: the first record is the header, a quote inside a cell in quotes is doubled, lines with nothing
 * at all are passed over. A quote anywhere but around a whole cell is text. LF, CR LF or (in a file without any LF) CR ends a
 * line. A column without a name is called `column_N`.
 */
export async function* readDelimitedRows(
  source: TableSource,
  options: DelimitedOptions,
): AsyncGenerator<readonly ReadRow[]> {
  let columns: readonly string[] | undefined;
  let number = 0;
  const { dialect, text } = await recogniseDialect(source.text, options);
  options.onDialect?.(dialect);
  const lines = new LineCount(dialect.preambleLength > 0 ? 2 : 1);
  for await (const { record, info } of parseRecords({ name: source.name, text }, dialect, options.quote)) {
    const line = lines.startOf(record, info);
    if (record.length > maxRowCells) throw tooManyCells(`${source.name}, line ${line}`);
    if (columns === undefined) {
      if (line < (options.headerRow ?? 1)) continue;
      columns = toColumnNames(options.header ? record : record.map(() => ""), `${source.name}, line ${line}`);
      if (options.header) continue;
    }
    number += 1;
    if (record.length === columns.length) {
      yield [{ number, line, cells: toCells(columns, record), columns }];
    } else {
      const place = `${source.name}, row ${number}, line ${line}`;
      yield [{ number, error: raggedRow(place, record, columns) }];
    }
  }
  if (columns === undefined) throw noHeader(source.name, options.headerRow);
}

/** Bytes after which the row under way is looked at. */
const pieceBytes = 65_536;

/** Tells where records start from what csv-parse tells of their ends. */
class LineCount {
  /** What csv-parse calls the first line. */
  readonly #skipped: number;
  #next = 1;
  #emptyLines = 0;
  #countedTwice = 0;

  constructor(firstLine: number) {
    this.#skipped = firstLine - 1;
  }

  startOf(record: readonly string[], info: InfoRecord): number {
    const start = this.#next + info.empty_lines - this.#emptyLines;
    // csv-parse counts a CR LF inside a cell as two lines.
    if (info.lines - this.#countedTwice > start) this.#countedTwice += countLineEnds(record);
    this.#next = info.lines - this.#countedTwice + 1;
    this.#emptyLines = info.empty_lines;
    return start + this.#skipped;
  }
}

function countLineEnds(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split("\r\n").length - 1, 0);
}

async function* parseRecords(
  { name, text }: TableSource,
  { delimiter, endsWithCarriageReturn }: Dialect,
  quote: string | null,
): AsyncGenerator<RawRecord> {
  const { parse } = await import("csv-parse");
  const parser = parse({
    delimiter,
    quote,
    escape: quote,
    record_delimiter: endsWithCarriageReturn ? "\r" : ["\r\n", "\n"],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maxRowBytes,
    info: true,
  });
  pipeline(Readable.from(withinLimits(text, parser, name)), parser, () => {});
  try {
    yield* parser;
  } catch (cause) {
    throw isCsvError(cause) ? toTableError(cause, name) : cause;
  }
}

/** What csv-parse has of the row under way. Its own limit does not see delimiters. */
interface RowUnderWay {
  readonly state: { readonly record: readonly unknown[] };
  readonly info: { readonly records: number; readonly lines: number };
}

async function* withinLimits(
  text: AsyncIterable<Buffer>,
  parser: object,
  name: string,
): AsyncGenerator<Buffer> {
  // csv-parse keeps these two for whoever looks; its types leave out the first.
  const { state, info } = parser as RowUnderWay;
  for await (const chunk of text) {
    for (let start = 0; start < chunk.length; start += pieceBytes) {
      if (state.record.length > maxRowCells) throw tooManyCells(toPlace(name, info));
      yield chunk.subarray(start, start + pieceBytes);
    }
  }
}

function toCells(columns: readonly string[], record: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map((name, index) => [name, record[index] ?? ""]));
}

function raggedRow(place: string, record: readonly string[], columns: readonly string[]): OpenbatchError {
  const cells = record.length === 1 ? "1 cell" : `${record.length} cells`;
  const message = `${place}: ${cells}, where the first line has ${columns.length}.`;
  return new OpenbatchError("invalid_table", message, {
    hint: "Put cells that hold a delimiter in quotes, and give every row all its cells; or is the delimiter another: delimiter (--delimiter)?",
  });
}

function noHeader(name: string, headerRow: number | undefined): OpenbatchError {
  if (headerRow !== undefined) {
    return new OpenbatchError("invalid_table", `${name} holds nothing from line ${headerRow} on.`, {
      hint: "Say in which line the names of the columns stand: headerRow (--header-row).",
    });
  }
  return new OpenbatchError("invalid_table", `${name} holds nothing: no header and no row.`, {
    hint: "Give it a first line with the names of its columns.",
  });
}

function isCsvError(
  value: unknown,
): value is CsvError & { readonly lines: number; readonly records: number } {
  return value instanceof Error && value.name === "Error" && "lines" in value && "records" in value;
}

const noQuotes =
  "If quotes are plain text in this table, say so: quote null (--quote none). Otherwise put the cell in quotes and double each quote in it.";

/** The first record is the header, so that their count is the number of the row under way. */
function toPlace(name: string, { records, lines }: { readonly records: number; readonly lines: number }) {
  return `${name}, ${records === 0 ? "header" : `row ${records}`}, line ${lines}`;
}

function toTableError(error: CsvError & { readonly lines: number; readonly records: number }, name: string) {
  const place = toPlace(name, error);
  const refuse = (what: string, hint: string) =>
    new OpenbatchError("invalid_table", `${place}: ${what}`, { hint });
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return refuse("a quote is opened here or above, and not closed before the end of the file.", noQuotes);
    case "CSV_MAX_RECORD_SIZE":
      return rowTooLong(place);
    default:
      return refuse(`it cannot be read as a table (${error.code}).`, noQuotes);
  }
}
