import { isAscii } from "node:buffer";
import { LineScanner } from "../jsonl/index.js";
import { type LineCheck, maxLineBytes } from "./line-check.js";

const lineFeed = 0x0a;

/** Texts of more than this are not made of several lines at once, so that memory stays small. */
const blockBytes = 65_536;

/** Hands the lines of a stretch of a file to a check; many lines of ASCII at once, since they are decoded much faster. */
export class LineReader {
  readonly #check: LineCheck;
  readonly #scanner: LineScanner;
  /** Where the next line starts in the file. */
  #offset: number;
  /** Whether the scanner holds the beginning of a line. */
  #isWithinLine = false;

  constructor(check: LineCheck, offset = 0) {
    this.#check = check;
    this.#offset = offset;
    this.#scanner = new LineScanner(
      (line) => {
        check.check(line, this.#offset);
        this.#offset += line.length + 1;
      },
      { maxLineBytes },
    );
  }

  push(chunk: Buffer): void {
    const start = this.#isWithinLine ? chunk.indexOf(lineFeed) + 1 || chunk.length : 0;
    if (start > 0) this.#pushPart(chunk.subarray(0, start));
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > start) this.#pushLines(chunk.subarray(start, end));
    const rest = chunk.subarray(Math.max(start, end));
    if (rest.length > 0) this.#pushPart(rest);
  }

  /** Checks a last line that has no line feed, if there is one. */
  end(): void {
    this.#scanner.end();
  }

  #pushPart(bytes: Buffer): void {
    this.#scanner.push(bytes);
    this.#isWithinLine = bytes[bytes.length - 1] !== lineFeed;
  }

  #pushLines(lines: Buffer): void {
    for (let start = 0; start < lines.length; ) {
      const end = findBlockEnd(lines, start);
      const block = lines.subarray(start, end);
      if (isAscii(block)) this.#checkAscii(block.toString("latin1"));
      else this.#scanner.push(block);
      start = end;
    }
  }

  #checkAscii(block: string): void {
    let start = 0;
    for (let end = block.indexOf("\n"); end !== -1; end = block.indexOf("\n", start)) {
      this.#check.checkAscii(block.slice(start, end), this.#offset);
      this.#offset += end - start + 1;
      start = end + 1;
    }
  }
}

/** The end of the last line that fits into a block, or of the first line if none does. */
function findBlockEnd(lines: Buffer, start: number): number {
  const last = lines.lastIndexOf(lineFeed, start + blockBytes - 1);
  return (last >= start ? last : lines.indexOf(lineFeed, start)) + 1;
}
