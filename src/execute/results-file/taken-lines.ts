import { isAscii } from "node:buffer";
import { toLineText } from "../../batch-file/index.js";
import { type LineAppender, lineFeed } from "../../jsonl/index.js";

/** So much is appended at once: where something in it is not ASCII, all of it goes line by line. */
const mostBytes = 16_384;

/** Where a line stands in a buffer, without its line feed. */
interface PlacedLine {
  readonly buffer: Buffer;
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly isTerminated: boolean;
}

/**
 * Lines that go from one file into another as they stand. Those that stand one behind the other are appended together: to copy each
 * takes several times as long.
 */
export class TakenLines {
  readonly #appender: LineAppender;
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(appender: LineAppender) {
    this.#appender = appender;
  }

  /** Its bytes have to stay as they are until {@link append}. */
  add({ buffer, lineStart, lineEnd, isTerminated }: PlacedLine): void {
    const isNext = lineStart === this.#end && buffer === this.#buffer;
    if (!isNext || !isTerminated || this.#end - this.#start >= mostBytes) this.append();
    if (!isTerminated) return appendLine(this.#appender, buffer.subarray(lineStart, lineEnd));
    if (this.#start === this.#end) this.#start = lineStart;
    this.#buffer = buffer;
    this.#end = lineEnd + 1;
  }

  /** Appends what was added and is not appended yet. */
  append(): void {
    const lines = this.#buffer.subarray(this.#start, this.#end);
    this.#start = this.#end;
    if (isAscii(lines)) return this.#appender.appendAsciiLines(lines);
    for (let start = 0; start < lines.length; ) {
      const end = lines.indexOf(lineFeed, start);
      appendLine(this.#appender, lines.subarray(start, end));
      start = end + 1;
    }
  }
}

/** Appends a line, without its line feed, with what could end it for some reader escaped. */
export function appendLine(appender: LineAppender, bytes: Buffer): void {
  if (isAscii(bytes)) appender.appendAscii(bytes);
  else appender.append(toLineText(bytes));
}
