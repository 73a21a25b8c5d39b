import type { CsvError, Info, Parser } from "csv-parse";
import { toRecord } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { ReadRow } from "../table/row.js";
import { toColumnNames } from "./column-names.js";
import { type Dialect, recogniseDialect } from "./dialect.js";
import { type RawRecord, type RestOfRecords, readPlainRecords } from "./plain-records.js";
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

interface Tuning {
  /** Whether plain records are cut without csv-parse. True by default. */
  readonly cutsPlainRecords?: boolean;
}

/**
 * Rows of CSV or TSV by RFC 4180: the first record is the header, a quote inside a cell in quotes is doubled, lines with nothing
 * at all are passed over. A quote anywhere but around a whole cell is text. LF, CR LF or (in a file without any LF) CR ends a
 * line. A column without a name is called `column_N`.
 *
 * @param tuning is for tests.
 */
export async function* readDelimitedRows(
  source: TableSource,
  options: DelimitedOptions,
  tuning: Tuning = {},
): AsyncGenerator<readonly ReadRow[]> {
  const { dialect, text } = await recogniseDialect(source.text, options);
  options.onDialect?.(dialect);
  const rows = new RowReader(source.name, options);
  const table = { name: source.name, text, quote: options.quote, dialect };
  for await (const records of readRecords(table, tuning)) {
    const read: ReadRow[] = [];
    for (const record of records) {
      const row = rows.read(record);
      if (row !== undefined) read.push(row);
    }
    yield read;
  }
  rows.end();
}

interface Table extends TableSource {
  readonly dialect: Dialect;
  readonly quote: string | null;
}

/** The records of each piece of the text: those that are plain at its beginning are cut off it, and csv-parse has the rest. */
async function* readRecords(
  { name, text, quote, dialect }: Table,
  { cutsPlainRecords = true }: Tuning,
): AsyncGenerator<readonly RawRecord[]> {
  const pieces = toPieces(text);
  const { delimiter, endsWithCarriageReturn, preambleLength } = dialect;
  const firstLine = preambleLength > 0 ? 2 : 1;
  const rest =
    cutsPlainRecords && !endsWithCarriageReturn
      ? yield* readPlainRecords(pieces, { delimiter, quote, firstLine })
      : { text: pieces, line: firstLine, count: 0 };
  if (rest !== undefined) yield* parseRecords({ name, quote, dialect }, rest);
}

/** Makes rows of records. */
class RowReader {
  readonly #name: string;
  readonly #options: DelimitedOptions;
  #columns: readonly string[] | undefined;
  #number = 0;

  constructor(name: string, options: DelimitedOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** Gives nothing for the header, and for what stands above it. */
  read({ record, line }: RawRecord): ReadRow | undefined {
    if (record.length > maxRowCells) throw tooManyCells(`${this.#name}, line ${line}`);
    const columns = this.#columns ?? this.#readHeader({ record, line });
    if (columns === undefined) return undefined;
    this.#number += 1;
    const number = this.#number;
    if (record.length === columns.length)
      return { number, line, cells: toRecord(columns, (_, index) => record[index] ?? ""), columns };
    const place = `${this.#name}, row ${number}, line ${line}`;
    return { number, error: raggedRow(place, record, columns) };
  }

  end(): void {
    if (this.#columns === undefined) throw noHeader(this.#name, this.#options.headerRow);
  }

  /** The columns, where the record is a row already. */
  #readHeader({ record, line }: RawRecord): readonly string[] | undefined {
    const { header, headerRow = 1 } = this.#options;
    if (line < headerRow) return undefined;
    this.#columns = toColumnNames(header ? record : record.map(() => ""), `${this.#name}, line ${line}`);
    return header ? undefined : this.#columns;
  }
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

  startOf(record: readonly string[], info: Info): number {
    const start = this.#next + info.empty_lines - this.#emptyLines;
    // csv-parse counts a CR LF inside a cell as two lines.
    if (info.lines - this.#countedTwice > start) this.#countedTwice += countLineEnds(record);
    this.#next = info.lines - this.#countedTwice + 1;
    this.#emptyLines = info.empty_lines;
    return start + this.#skipped;
  }

  /** What csv-parse calls so, which knows nothing of what stands above. */
  lineOf({ lines }: Pick<Info, "lines">): number {
    return lines - this.#countedTwice + this.#skipped;
  }
}

function countLineEnds(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split("\r\n").length - 1, 0);
}

/**
 * The records of each piece of the text. They are taken as csv-parse finds them: what its stream takes to give them out one by one
 * is as much as it takes to find them.
 */
async function* parseRecords(
  { name, quote, dialect: { delimiter, endsWithCarriageReturn } }: Omit<Table, "text">,
  { text, line, count }: RestOfRecords,
): AsyncGenerator<readonly RawRecord[]> {
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
  });
  const lines = new LineCount(line);
  const toTablePlace = (info: Pick<Info, "lines" | "records">) =>
    toPlace(name, count + info.records, lines.lineOf(info));
  let found: RawRecord[] = [];
  parser.push = (record: readonly string[] | null) => {
    if (record !== null) found.push({ record, line: lines.startOf(record, parser.info) });
    return true;
  };
  try {
    for await (const piece of text) {
      // Its own limit does not see delimiters.
      if (cellsUnderWay(parser) > maxRowCells) throw tooManyCells(toTablePlace(parser.info));
      await write(parser, piece);
      yield found;
      found = [];
    }
    await end(parser);
  } catch (cause) {
    if (!isCsvError(cause)) throw cause;
    yield found;
    throw toTableError(cause, toTablePlace(cause));
  }
  yield found;
}

async function* toPieces(text: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of text)
    for (let start = 0; start < chunk.length; start += pieceBytes)
      yield chunk.subarray(start, start + pieceBytes);
}

/** What csv-parse has of the row under way: it keeps that for whoever looks, but its types leave it out. */
interface RowUnderWay {
  readonly state: { readonly record: readonly unknown[] };
}

function cellsUnderWay(parser: Parser): number {
  const { state } = parser as Parser & RowUnderWay;
  return state.record.length;
}

function write(parser: Parser, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once("error", reject);
    parser.write(piece, (error) => {
      parser.off("error", reject);
      if (error) reject(error);
      else resolve();
    });
  });
}

function end(parser: Parser): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once("error", reject);
    parser.end(resolve);
  });
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

function isCsvError(value: unknown): value is CsvError & Pick<Info, "lines" | "records"> {
  return value instanceof Error && value.name === "Error" && "lines" in value && "records" in value;
}

const noQuotes =
  "If quotes are plain text in this table, say so: quote null (--quote none). Otherwise put the cell in quotes and double each quote in it.";

/** The first record is the header, so that their count is the number of the row under way. */
function toPlace(name: string, records: number, line: number): string {
  return `${name}, ${records === 0 ? "header" : `row ${records}`}, line ${line}`;
}

function toTableError({ code }: CsvError, place: string): OpenbatchError {
  const refuse = (what: string, hint: string) =>
    new OpenbatchError("invalid_table", `${place}: ${what}`, { hint });
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return refuse("a quote is opened here or above, and not closed before the end of the file.", noQuotes);
    case "CSV_MAX_RECORD_SIZE":
      return rowTooLong(place);
    default:
      return refuse(`it cannot be read as a table (${code}).`, noQuotes);
  }
}
