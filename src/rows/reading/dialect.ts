import { readHeadOfChunks } from "../../files/index.js";

/** How the text of a CSV or TSV file is written. */
export interface Dialect {
  readonly delimiter: string;
  readonly endsWithCarriageReturn: boolean;
  /** Characters of a first line that is none of the table: `sep=;`, as Excel reads and writes it. */
  readonly preambleLength: number;
}

export interface DialectOptions {
  /** What the caller says; it is believed. */
  readonly delimiter: string | undefined;
  /** What files of that name mostly have. */
  readonly usual: string;
  readonly quote: string | null;
  /** The line with the names of the columns. */
  readonly headerRow?: number | undefined;
}

/** Bytes and lines that are enough to see it. */
const enoughBytes = 65_536;
const enoughLines = 50;

/** Recognises how a table is written by its beginning, which is given with the whole text. */
export async function recogniseDialect(
  chunks: AsyncIterable<Buffer>,
  options: DialectOptions,
): Promise<{ readonly dialect: Dialect; readonly text: AsyncIterable<Buffer> }> {
  const { head, isWhole, from } = await readHeadOfChunks(chunks, isEnough);
  const text = head.toString("utf8", 0, enoughBytes);
  const [preamble = "", separator] = separatorLine.exec(text) ?? [];
  const sample = { ...options, isWhole: isWhole && head.length <= enoughBytes };
  // What stands above a header has as many cells as it likes.
  const skipped = Math.max(preamble === "" ? 0 : 1, (options.headerRow ?? 1) - 1);
  const preambleLength = Buffer.byteLength(preamble);
  const dialect = {
    delimiter: options.delimiter ?? separator ?? findDelimiter(withoutLines(text, skipped), sample),
    // Old Macintosh files have no line feed at all.
    endsWithCarriageReturn: head.includes("\r") && !head.includes("\n"),
    preambleLength,
  };
  return { dialect, text: from(preambleLength) };
}

function withoutLines(text: string, count: number): string {
  let rest = text;
  for (let line = 0; line < count; line += 1) rest = rest.replace(/^[^\r\n]*(?:\r\n|\n|\r|$)/, "");
  return rest;
}

function isEnough(head: Buffer): boolean {
  return head.length >= enoughBytes || countLines(head) >= enoughLines;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let index = bytes.indexOf("\n"); index !== -1 && count < enoughLines; count += 1) {
    index = bytes.indexOf("\n", index + 1);
  }
  return count;
}

/** Excel's own word for the delimiter, which is a character that stands for itself. */
const separatorLine = /^sep=([^"\r\n])(?:\r\n|\n|\r)/i;

interface Sample {
  readonly usual: string;
  readonly quote: string | null;
  readonly isWhole: boolean;
}

const candidates = [",", ";", "\t", "|"];

/** How many of the rows must have as many cells as the header; a few may be ragged. */
const agreement = 0.8;

/** The delimiter by which the rows have as many cells as the header, and most of them; else the usual one. */
export function findDelimiter(text: string, sample: Sample): string {
  let best = { delimiter: sample.usual, columns: 1 };
  for (const delimiter of [sample.usual, ...candidates]) {
    const [columns = 1, ...rows] = countCells(text, delimiter, sample);
    const agreeing = rows.filter((cells) => cells === columns).length;
    if (columns > best.columns && agreeing >= rows.length * agreement) best = { delimiter, columns };
  }
  return best.delimiter;
}

/** The number of cells of each record in the sample that is there to its end. */
function countCells(text: string, delimiter: string, { quote, isWhole }: Sample): readonly number[] {
  const counts: number[] = [];
  let cells = 1;
  let isEmpty = true;
  let isStart = true;
  for (let index = 0; index < text.length && counts.length < enoughLines; index += 1) {
    const character = text[index];
    if (isStart && character === quote) {
      index = endOfQuoted(text, index, quote);
      [isStart, isEmpty] = [false, false];
    } else if (character === delimiter) {
      cells += 1;
      [isStart, isEmpty] = [true, false];
    } else if (character === "\n" || character === "\r") {
      if (!isEmpty) counts.push(cells);
      [cells, isStart, isEmpty] = [1, true, true];
    } else {
      [isStart, isEmpty] = [false, false];
    }
  }
  return isWhole && !isEmpty && counts.length < enoughLines ? [...counts, cells] : counts;
}

/** The place of the quote that closes a cell; where two stand together, they are one in the text. */
function endOfQuoted(text: string, start: number, quote: string): number {
  let end = text.indexOf(quote, start + 1);
  while (end !== -1 && text[end + 1] === quote) end = text.indexOf(quote, end + 2);
  return end === -1 ? text.length : end;
}
