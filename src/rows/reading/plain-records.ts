import { isAscii } from "node:buffer";
import { joinChunks } from "../../files/index.js";
import { maxRowCells } from "./table-source.js";

/** A record of CSV or TSV, and the line that it starts in. */
export interface RawRecord {
  readonly record: readonly string[];
  readonly line: number;
}

/** The characters that a table is written with, and the line that its text begins in. */
export interface PlainRecordsOptions {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly firstLine: number;
}

/** What is left of a text behind its plain records. */
export interface RestOfRecords {
  /** To be read once. */
  readonly text: AsyncIterable<Buffer>;
  /** The line that it begins in. */
  readonly line: number;
  /** Records in front of it. */
  readonly count: number;
}

/** A record that takes more is left to others: it is looked at from its start with each piece that comes. */
const maxPlainBytes = 262_144;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Where no quotes are, none of the bytes is one. */
const noByte = -1;

/**
 * The records at the beginning of a text that keep to the letter of RFC 4180, which is nearly always all of them: a cell has no quotes
 * around it, or has them around all of it, with those inside doubled; and a carriage return stands before a line feed alone. Such
 * records can be cut at their delimiters, which takes a fifth of the time of a reader that is ready for everything. What stands from the
 * first other record on is left to that reader, and so is a last record without a line end, and one that is very long or has too many cells.
 */
export async function* readPlainRecords(
  pieces: AsyncIterable<Buffer>,
  options: PlainRecordsOptions,
): AsyncGenerator<readonly RawRecord[], RestOfRecords | undefined> {
  const others = pieces[Symbol.asyncIterator]();
  const cutter = new RecordCutter(options);
  let rest: Buffer = Buffer.alloc(0);
  let isWanted = false;
  try {
    while (cutter.isPlain && rest.length <= maxPlainBytes) {
      const { done, value } = await others.next();
      if (done && rest.length === 0) return undefined;
      if (done) break;
      rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
      yield cutter.cut(rest);
      rest = rest.subarray(cutter.end);
    }
    isWanted = true;
    return { text: joinChunks(rest, others), line: cutter.line, count: cutter.count };
  } finally {
    if (!isWanted) await others.return?.();
  }
}

function isByte(text: string): boolean {
  return text.length === 1 && text.charCodeAt(0) < 128;
}

/** What stands behind a cell. */
type Behind = "cell" | "record" | "nothing yet" | "what is not plain";

class RecordCutter {
  readonly #delimiter: number;
  readonly #quote: number;
  /** Of each byte, whether a cell without quotes may end there. */
  readonly #endsCell = new Uint8Array(256);
  #bytes: Buffer = Buffer.alloc(0);
  #encoding: BufferEncoding = "utf8";
  #at = 0;
  #isPlain: boolean;
  #end = 0;
  #line: number;
  #count = 0;

  constructor({ delimiter, quote, firstLine }: PlainRecordsOptions) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote?.charCodeAt(0) ?? noByte;
    this.#line = firstLine;
    for (const byte of [this.#delimiter, lineFeed, carriageReturn]) this.#endsCell[byte] = 1;
    this.#isPlain = isByte(delimiter) && (quote === null || isByte(quote));
  }

  /** Whether no other record was found yet; nor is a table plain that is written with more than one byte. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Behind the last record that was cut off. */
  get end(): number {
    return this.#end;
  }

  get line(): number {
    return this.#line;
  }

  get count(): number {
    return this.#count;
  }

  /** The plain records at the beginning of some bytes. */
  cut(bytes: Buffer): readonly RawRecord[] {
    this.#bytes = bytes;
    this.#encoding = isAscii(bytes) ? "latin1" : "utf8";
    this.#end = 0;
    this.#at = 0;
    const found: RawRecord[] = [];
    for (let record = this.#readRecord(); record !== undefined; record = this.#readRecord())
      found.push(record);
    this.#count += found.length;
    return found;
  }

  #readRecord(): RawRecord | undefined {
    this.#passEmptyLines();
    const record: string[] = [];
    const line = this.#line;
    let behind: Behind;
    do behind = this.#readCell(record);
    while (behind === "cell" && record.length <= maxRowCells);
    if (behind === "record") {
      this.#end = this.#at;
      this.#line += 1;
      return { record, line };
    }
    this.#line = line;
    if (behind !== "nothing yet") this.#isPlain = false;
    return undefined;
  }

  #passEmptyLines(): void {
    const bytes = this.#bytes;
    for (;;) {
      const length = bytes[this.#at] === carriageReturn ? 2 : 1;
      if (bytes[this.#at + length - 1] !== lineFeed) return;
      this.#at += length;
      this.#end = this.#at;
      this.#line += 1;
    }
  }

  #readCell(record: string[]): Behind {
    const bytes = this.#bytes;
    if (bytes[this.#at] === this.#quote) return this.#readQuoted(record);
    let end = this.#at;
    while (end < bytes.length && this.#endsCell[bytes[end] ?? 0] === 0) end += 1;
    record.push(bytes.toString(this.#encoding, this.#at, end));
    return this.#passEnd(end);
  }

  #readQuoted(record: string[]): Behind {
    const bytes = this.#bytes;
    const quote = this.#quote;
    const start = this.#at + 1;
    let hasQuotes = false;
    let end = start;
    for (; end < bytes.length; end += 1) {
      const byte = bytes[end];
      if (byte === quote) {
        if (bytes[end + 1] !== quote) break;
        hasQuotes = true;
        end += 1;
      } else if (byte === lineFeed) this.#line += 1;
      else if (byte === carriageReturn && bytes[end + 1] !== lineFeed) break;
    }
    const text = bytes.toString(this.#encoding, start, end);
    const sign = String.fromCharCode(quote);
    record.push(hasQuotes ? text.replaceAll(sign + sign, sign) : text);
    return end < bytes.length && bytes[end] !== quote
      ? this.#passCarriageReturn(end)
      : this.#passEnd(end + 1);
  }

  /** One within quotes, behind which no line feed stands. */
  #passCarriageReturn(place: number): Behind {
    return place + 1 < this.#bytes.length ? "what is not plain" : "nothing yet";
  }

  /** Goes past what ends a cell. */
  #passEnd(end: number): Behind {
    const bytes = this.#bytes;
    const byte = bytes[end];
    this.#at = end + 1;
    if (byte === this.#delimiter) return "cell";
    if (byte === lineFeed) return "record";
    if (end >= bytes.length || (byte === carriageReturn && end + 1 === bytes.length)) return "nothing yet";
    this.#at = end + 2;
    return byte === carriageReturn && bytes[end + 1] === lineFeed ? "record" : "what is not plain";
  }
}
