import type { OpenFile } from "../files/index.js";
import { lineFeed } from "../jsonl/index.js";
import { type LineBytes, nextEdition, noEdition } from "./line-bytes.js";
import { skipBack, skipToText } from "./line-text.js";
import { LineRun } from "./shapes/line-run.js";
import type { LineShapes, ShapedLine } from "./shapes/line-shapes.js";

const chunkBytes = 262_144;

/** A longer line fits into no string. It is cut to its beginning: enough to read its id, and to see that it is broken. */
const maxLineBytes = 500_000_000;
const keptOfLongLine = 65_536;

interface LongLine {
  readonly head: Buffer;
  readonly offset: number;
}

export interface LineWalkerOptions<Known> {
  /** The bytes of a line above which it is cut to its beginning. */
  readonly maxBytes?: number;
  /** Gets every stretch of the file as it is read, valid during the call. */
  readonly onRead?: (bytes: Buffer) => void;
  /** Shapes that lines may have: many lines of one shape are stepped through at once, which is much faster. */
  readonly shapes?: LineShapes<Known> | undefined;
}

/**
 * Walks through the lines of an open file, from the first to the last. Where it stands, the line is `buffer` from `start` to
 * `end`, without its line end, the white space around it and a byte order mark; valid until the walk goes on.
 */
export class LineWalker<Known = undefined> implements LineBytes {
  buffer: Buffer;
  start = 0;
  end = 0;
  edition = noEdition;
  /** Where the line as it stands there begins and ends in the buffer, without its line feed. */
  lineStart = 0;
  lineEnd = 0;
  /** Counted from 1. */
  number = 0;
  /** Where `start` is in the file. */
  offset = 0;
  /** Where the line itself begins in the file, and where the next one does. */
  lineOffset = 0;
  nextOffset = 0;
  /** False for a last line without a line feed. */
  isTerminated = true;
  /** Whether this is only the beginning of a line that is too long. */
  isCut = false;
  /** What is known of the line by its shape, and where its id is then. */
  shaped: ShapedLine<Known> | undefined;
  readonly run = new LineRun();
  readonly #shapes: LineShapes<Known> | undefined;
  #runShape: ShapedLine<Known> | undefined;
  readonly #file: OpenFile;
  readonly #maxLineBytes: number;
  readonly #onRead: ((bytes: Buffer) => void) | undefined;
  #chunk = Buffer.allocUnsafeSlow(chunkBytes * 2);
  /** Where the chunk starts in the file, and how much of it is filled. */
  #base = 0;
  #filled = 0;
  /** Where the next line starts in the chunk, and up to where it was looked through for its end. */
  #next = 0;
  #searched = 0;
  /** Whether all was read that there is: then the last line may go without a line feed. */
  #isAtEnd: boolean;
  #chunkEdition = noEdition;
  /** A line that is too long, while its end is not found. */
  #long: LongLine | undefined;
  /** Before this place in the file there are none of the bytes that {@link holds} looks for, from the line on that it looked in. */
  #heldFrom = 0;

  constructor(file: OpenFile, { maxBytes = maxLineBytes, onRead, shapes }: LineWalkerOptions<Known> = {}) {
    this.#file = file;
    this.#shapes = shapes;
    this.#maxLineBytes = maxBytes;
    this.#onRead = onRead;
    this.#isAtEnd = file.bytes === 0;
    this.buffer = this.#chunk;
  }

  /** Bytes from `start` to `end`. */
  get length(): number {
    return this.end - this.start;
  }

  /** The line as it stands there, without its line feed; valid until the walk goes on. */
  get bytes(): Buffer {
    return this.buffer.subarray(this.lineStart, this.lineEnd);
  }

  get isBlank(): boolean {
    return this.start === this.end;
  }

  /** Bytes read so far. */
  get position(): number {
    return this.#base + this.#filled;
  }

  /**
   * Whether the line holds some bytes without a line feed, the same for all lines of a walk. To look through many lines at once
   * takes a fraction of what it takes to look through each.
   */
  holds(bytes: Buffer): boolean {
    if (this.offset + this.length <= this.#heldFrom) return false;
    // Behind what is filled is left over from before.
    const filled = this.buffer === this.#chunk ? this.#filled : this.end;
    const found = this.buffer.indexOf(bytes, this.start);
    const next = found === -1 ? filled : Math.min(found, filled);
    this.#heldFrom = this.offset + next - this.start;
    return next + bytes.length <= this.end;
  }

  /** Steps to the next line, and reads on where that is needed. False at the end of the file. */
  step(): boolean {
    while (!this.next()) if (!this.fill()) return false;
    return true;
  }

  /** Steps to the next line. False where more has to be read first. */
  next(): boolean {
    if (this.#shapes !== undefined && (this.run.next() || this.#beginRun())) return this.#standInRun();
    this.shaped = undefined;
    const lineEnd = this.#findEnd();
    if (lineEnd === -1) return false;
    this.isCut = this.#long !== undefined;
    this.#goTo(lineEnd, lineEnd < this.#filled);
    return true;
  }

  /**
   * How many lines of the run there are, from the one on at which it stands, of which each is all that stands between two line feeds: what
   * is done with all of them at once is done in a tight loop. 0 for a line that stands alone.
   */
  get runLength(): number {
    const isWhole = this.start === this.lineStart && this.end === this.lineEnd;
    return this.shaped !== undefined && isWhole ? this.run.count - this.run.index : 0;
  }

  /** Steps so many lines on in the run, less than there are. */
  skip(count: number): void {
    if (count === 0) return;
    this.number += count - 1;
    this.#next = this.run.endOf(count - 1) + 1;
    this.nextOffset = this.#base + this.#next;
    this.run.skip(count);
    this.#standInRun();
  }

  /** Reads on. False at the end of the file. */
  fill(): boolean {
    const left = this.#file.bytes - this.position;
    if (left <= 0 || this.#isAtEnd) return false;
    this.#makeRoom();
    const length = Math.min(this.#chunk.length - this.#filled, left, chunkBytes);
    const bytes = this.#file.read(this.#chunk, this.#filled, { offset: this.position, length });
    this.#onRead?.(this.#chunk.subarray(this.#filled, this.#filled + bytes));
    this.#filled += bytes;
    this.#chunkEdition = nextEdition();
    // A file that was cut meanwhile ends where nothing is left.
    this.#isAtEnd = bytes === 0 || bytes === left;
    return true;
  }

  #beginRun(): boolean {
    this.#runShape = undefined;
    if (this.#next >= this.#filled || this.#long !== undefined) return false;
    const lines = {
      buffer: this.#chunk,
      start: this.#next,
      end: this.#filled,
      edition: this.#chunkEdition,
    };
    this.#runShape = this.#shapes?.findRun(lines, this.run);
    return this.#runShape !== undefined && this.run.next();
  }

  #standInRun(): true {
    this.shaped = this.#runShape;
    this.isCut = false;
    this.#goTo(this.run.endOf(), true);
    return true;
  }

  #findEnd(): number {
    const found = this.#searched < this.#filled ? this.#chunk.indexOf(lineFeed, this.#searched) : -1;
    // What stands behind the filled part is left over from before.
    if (found !== -1 && found < this.#filled) return found;
    this.#searched = this.#filled;
    const isOpenLine = this.#next < this.#filled || this.#long !== undefined;
    return this.#isAtEnd && isOpenLine ? this.#filled : -1;
  }

  /** Goes to the line that ends there. */
  #goTo(lineEnd: number, isTerminated: boolean): void {
    this.number += 1;
    this.isTerminated = isTerminated;
    this.lineOffset = this.nextOffset;
    this.nextOffset = this.#base + lineEnd + (isTerminated ? 1 : 0);
    if (this.#long !== undefined) this.#standAtLong(this.#long);
    else this.#stand(lineEnd);
    this.#next = lineEnd + 1;
    this.#searched = this.#next;
  }

  #stand(lineEnd: number): void {
    this.buffer = this.#chunk;
    this.edition = this.#chunkEdition;
    this.lineStart = this.#next;
    this.lineEnd = lineEnd;
    this.end = skipBack(this.#chunk, this.#next, lineEnd);
    this.start = skipToText(this.#chunk, this.#next, this.end);
    this.offset = this.#base + this.start;
  }

  #standAtLong({ head, offset }: LongLine): void {
    this.buffer = head;
    this.edition = noEdition;
    this.start = 0;
    this.end = head.length;
    this.lineStart = 0;
    this.lineEnd = head.length;
    this.offset = offset;
    this.#long = undefined;
  }

  #makeRoom(): void {
    const kept = this.#filled - this.#next;
    if (this.#long !== undefined) return this.#moveTo(this.#filled);
    if (kept <= this.#maxLineBytes) return this.#moveTo(this.#next);
    const head = Buffer.from(this.#chunk.subarray(this.#next, this.#next + keptOfLongLine));
    this.#long = { head, offset: this.#base + this.#next };
    this.#moveTo(this.#filled);
  }

  /** Drops what stands before a place in the chunk, and grows the chunk where a line fills most of it. */
  #moveTo(start: number): void {
    const before = this.#chunk;
    const kept = this.#filled - start;
    if (kept + chunkBytes > before.length) this.#chunk = Buffer.allocUnsafeSlow(before.length * 2);
    before.copy(this.#chunk, 0, start, this.#filled);
    this.#base += start;
    this.#filled = kept;
    this.#searched = Math.max(0, this.#searched - start);
    this.#next = 0;
  }
}
