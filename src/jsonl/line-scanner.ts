/** Ends a line, and nothing else does. */
export const lineFeed = 0x0a;
const keptOfLongLine = 65_536;

/** One line of a file as it stands there. */
export interface RawLine {
  /**
   * The line without its line feed; a carriage return before it stays. Valid only during the call.
   * Of a line that is too long, its first 64 KiB.
   */
  readonly bytes: Buffer;
  /** Counted from 1. */
  readonly number: number;
  /** Where the line starts, in bytes from the start of the file. */
  readonly offset: number;
  /** Bytes of the whole line, without its line feed. */
  readonly length: number;
  /** False for a last line without a line feed. */
  readonly terminated: boolean;
  /** Whether the line is longer than the scanner's limit. */
  readonly tooLong: boolean;
}

export interface LineScannerOptions {
  /** Bytes of a line above which it is not kept in memory whole. No limit by default. */
  readonly maxLineBytes?: number;
  /** Where the first byte stands in its file. 0 by default. */
  readonly offset?: number;
}

/**
 * Cuts chunks of bytes into lines at line feeds, and at nothing else: a line of JSON may hold U+2028 and U+0085.
 * Chunks may be reused by the caller after `push` returns.
 */
export class LineScanner {
  readonly #onLine: (line: RawLine) => void;
  readonly #maxLineBytes: number;
  #number = 0;
  #offset: number;
  #carried: Buffer[] = [];
  #carriedBytes = 0;
  #keptBytes = 0;

  constructor(
    onLine: (line: RawLine) => void,
    { maxLineBytes = Infinity, offset = 0 }: LineScannerOptions = {},
  ) {
    this.#onLine = onLine;
    this.#maxLineBytes = maxLineBytes;
    this.#offset = offset;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      this.#emit(chunk.subarray(start, end), true);
      start = end + 1;
    }
    if (start < chunk.length) this.#carry(chunk.subarray(start));
  }

  /** Emits a last line that has no line feed, if there is one. */
  end(): void {
    if (this.#carriedBytes > 0) this.#emit(Buffer.alloc(0), false);
  }

  #emit(tail: Buffer, terminated: boolean): void {
    const length = this.#carriedBytes + tail.length;
    const tooLong = length > this.#maxLineBytes;
    this.#number += 1;
    const bytes = this.#carriedBytes === 0 ? tail : Buffer.concat([...this.#carried, tail]);
    const line: RawLine = {
      bytes: tooLong ? bytes.subarray(0, keptOfLongLine) : bytes,
      number: this.#number,
      offset: this.#offset,
      length,
      terminated,
      tooLong,
    };
    this.#offset += length + 1;
    this.#carried = [];
    this.#carriedBytes = 0;
    this.#keptBytes = 0;
    this.#onLine(line);
  }

  #carry(rest: Buffer): void {
    this.#carriedBytes += rest.length;
    const kept =
      this.#carriedBytes > this.#maxLineBytes
        ? rest.subarray(0, Math.max(0, keptOfLongLine - this.#keptBytes))
        : rest;
    if (kept.length === 0) return;
    this.#carried.push(Buffer.from(kept));
    this.#keptBytes += kept.length;
  }
}
