import { isAscii, isUtf8 } from "node:buffer";
import { maxLineBytes, nextEdition, toLineBytes } from "../../batch-file/index.js";
import { LineScanner, lineFeed } from "../../jsonl/index.js";
import type { LineCheck } from "./line-check.js";

/** So many bytes of lines are decoded at once. More would be no faster, and take more memory. */
const blockBytes = 65_536;

/** Hands the lines of a stretch of a file to a check. Decodes many lines of ASCII at once, which is faster. */
export class LineReader {
  readonly #check: LineCheck;
  readonly #scanner: LineScanner;
  /** Where the next line starts in the file. */
  #offset = 0;
  /** Whether the scanner holds the beginning of a line. */
  #isWithinLine = false;

  constructor(check: LineCheck) {
    this.#check = check;
    this.#scanner = new LineScanner(
      (line) => {
        check.check(line, this.#offset);
        this.#offset += line.length + 1;
      },
      { maxLineBytes },
    );
  }

  /** Goes on with a stretch that starts elsewhere in the file. */
  goOnAt(offset: number): this {
    this.#offset = offset;
    return this;
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
    if (this.#check.usesShapes) {
      this.#check.checkLines({ ...toLineBytes(lines), edition: nextEdition() }, this.#offset);
      this.#offset += lines.length;
      return;
    }
    for (let start = 0; start < lines.length; ) {
      const end = findBlockEnd(lines, start);
      const block = lines.subarray(start, end);
      if (isAscii(block)) this.#checkAscii(block.toString("latin1"));
      else if (isUtf8(block)) this.#checkUtf8(block);
      else this.#scanner.push(block);
      start = end;
    }
  }

  #checkAscii(block: string): void {
    let start = 0;
    for (let end = block.indexOf("\n"); end !== -1; end = block.indexOf("\n", start)) {
      this.#checkLine(block.slice(start, end), end - start);
      start = end + 1;
    }
  }

  /** Line by line after all, for Node decodes ASCII much faster, and does so up to the first character beyond it. */
  #checkUtf8(block: Buffer): void {
    let start = 0;
    for (let end = block.indexOf(lineFeed); end !== -1; end = block.indexOf(lineFeed, start)) {
      this.#checkLine(block.toString("utf8", start, end), end - start);
      start = end + 1;
    }
  }

  #checkLine(text: string, bytes: number): void {
    this.#check.checkDecoded(text, bytes, this.#offset);
    this.#offset += bytes + 1;
  }
}

/** The end of the last line that fits into a block, or of the first line if none does. */
function findBlockEnd(lines: Buffer, start: number): number {
  const last = lines.lastIndexOf(lineFeed, start + blockBytes - 1);
  return (last >= start ? last : lines.indexOf(lineFeed, start)) + 1;
}
