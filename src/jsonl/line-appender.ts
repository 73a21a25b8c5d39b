import { closeSync, fstatSync, fsyncSync, ftruncateSync, readSync, statSync, writeSync } from "node:fs";
import { OpenbatchError, toFileError } from "../errors/index.js";
import { type EscapeOptions, escapeLine } from "./escape-line.js";
import { JsonTextWriter, maxBytesPerUnit } from "./json-text-writer.js";
import { lineFeed } from "./line-scanner.js";
import { PlainJsonWriter } from "./plain-json-writer.js";
import type { ShapedValue } from "./value-shape.js";

const capacity = 65_536;
const noDraft = -1;

/**
 * Appends lines to a file that was opened for appending, whole lines in one system call each time.
 * A write that fails leaves the file as it was, to the last whole line.
 */
export class LineAppender {
  readonly #fd: number;
  readonly #path: string;
  readonly #fullDiskHint: string | undefined;
  readonly #jsonTexts = new JsonTextWriter(capacity, { countUsed: () => this.#countUsed() });
  readonly #plainJson = new PlainJsonWriter(this.#jsonTexts);
  #buffered = 0;
  #draftEnd = noDraft;
  /** The value that was drafted last. */
  #drafted: unknown;
  /** A getter of a value that is rendered may append a line of its own. */
  #isRendering = false;
  #written: number;

  /**
   * @param path for messages alone.
   * @param fullDiskHint what to do when the disk is full, where that is more than to do the same again.
   */
  constructor(fd: number, path: string, fullDiskHint?: string) {
    this.#fd = fd;
    this.#path = path;
    this.#fullDiskHint = fullDiskHint;
    this.#written = fstatSync(fd).size;
  }

  /** Where the next line will start, in bytes, if nobody else appends to the file. */
  get position(): number {
    return this.#written + this.#buffered;
  }

  /** How much of the file is written, in bytes: lines that end there or before are in it. */
  get written(): number {
    return this.#written;
  }

  /** Whether another process has changed the size of the file. */
  get isShared(): boolean {
    return fstatSync(this.#fd).size !== this.#written;
  }

  /** Whether what is written stands at the path still: nobody has deleted, replaced or cut the file. */
  isInPlace(): boolean {
    const there = statSync(this.#path, { throwIfNoEntry: false });
    const { dev, ino } = fstatSync(this.#fd);
    return there !== undefined && there.dev === dev && there.ino === ino && there.size >= this.#written;
  }

  /**
   * Takes a line of JSON, without its line feed, and escapes in it what could end a line for some reader.
   * It is in the file after the next {@link flush}, or before.
   */
  append(json: string, options?: EscapeOptions): void {
    this.#draftEnd = noDraft;
    const mostBytes = json.length * maxBytesPerUnit + 1;
    const hasRoom = mostBytes <= capacity && !this.#isRendering;
    if (!hasRoom || this.#buffered + mostBytes > capacity) this.flush();
    if (!hasRoom) return this.#writeWhole(Buffer.from(`${escapeLine(json, options)}\n`));
    const bytes = this.#put(json);
    // As many bytes as characters: all is ASCII, and nothing needs an escape.
    const escaped = bytes === json.length ? json : escapeLine(json, options);
    this.#buffered += escaped === json ? bytes : this.#put(escaped);
    this.#jsonTexts.buffer[this.#buffered] = lineFeed;
    this.#buffered += 1;
  }

  /** The same of a line that is ASCII: nothing in it needs an escape. */
  appendAscii(json: Buffer): void {
    const bytes = json.length + 1;
    if (bytes > capacity || this.#isRendering) return this.append(json.toString("latin1"));
    this.#draftEnd = noDraft;
    if (this.#buffered + bytes > capacity) this.flush();
    json.copy(this.#jsonTexts.buffer, this.#buffered);
    this.#buffered += bytes;
    this.#jsonTexts.buffer[this.#buffered - 1] = lineFeed;
  }

  /** The same of many, each with its line feed. */
  appendAsciiLines(lines: Buffer): void {
    this.#draftEnd = noDraft;
    const hasRoom = lines.length <= capacity && !this.#isRendering;
    if (!hasRoom || this.#buffered + lines.length > capacity) this.flush();
    if (!hasRoom) return this.#writeWhole(lines);
    lines.copy(this.#jsonTexts.buffer, this.#buffered);
    this.#buffered += lines.length;
  }

  /**
   * Renders a value as the next line, in one pass, without taking it yet. False where the value is not plain JSON data or the
   * buffer has no room for it: then it is to be appended as text.
   */
  draft(value: unknown, { ensureAscii = false }: EscapeOptions = {}): boolean {
    const isDrafted = this.#render((position) => this.#plainJson.write(value, { position, ensureAscii }));
    if (isDrafted) this.#drafted = value;
    return isDrafted;
  }

  /** Appends a line whose shape is known. False where the buffer has no room for it. */
  appendShaped(line: ShapedValue, { ensureAscii = false }: EscapeOptions = {}): boolean {
    if (this.#isRendering) return false;
    this.#draftEnd = noDraft;
    let end = this.#plainJson.writeShaped(line, { position: this.#buffered, ensureAscii });
    if (end === noDraft && this.#buffered >= capacity / 2) {
      this.flush();
      end = this.#plainJson.writeShaped(line, { position: this.#buffered, ensureAscii });
    }
    if (end === noDraft) return false;
    this.#endLine(end);
    return true;
  }

  /** Takes the line that was drafted of a value. False where it is there no more: because of a flush in between, or another draft. */
  appendDraft(value: unknown): boolean {
    return this.#drafted === value && this.#takeDraft();
  }

  #takeDraft(): boolean {
    if (this.#draftEnd === noDraft) return false;
    this.#endLine(this.#draftEnd);
    this.#draftEnd = noDraft;
    return true;
  }

  #endLine(end: number): void {
    this.#jsonTexts.buffer[end] = lineFeed;
    this.#buffered = end + 1;
  }

  /** Takes back what was taken from a position on, as far as it is not in the file yet. */
  discardFrom(position: number): void {
    if (position >= this.#written) this.#buffered = position - this.#written;
  }

  /** Hands all lines taken to the operating system. Those that do not fit are kept for another try. */
  flush(): void {
    if (this.#buffered === 0) return;
    this.#draftEnd = noDraft;
    const before = this.#written;
    try {
      this.#writeWhole(this.#jsonTexts.buffer, this.#buffered);
      this.#buffered = 0;
    } catch (error) {
      const whole = this.#written - before;
      this.#jsonTexts.buffer.copyWithin(0, whole, this.#buffered);
      this.#buffered -= whole;
      throw error;
    }
  }

  /** Hands all lines taken to the disk itself. */
  sync(): void {
    this.flush();
    fsyncSync(this.#fd);
  }

  /** Reads bytes that were appended or were there before. */
  read(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, length, position));
  }

  /** Looks at the file again after another process wrote to it. */
  resync(): void {
    this.flush();
    this.#written = fstatSync(this.#fd).size;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#jsonTexts.close();
      closeSync(this.#fd);
    }
  }

  /** How much of the buffer is not in the file yet: lines, and a draft. */
  #countUsed(): number {
    return this.#isRendering ? capacity : Math.max(this.#buffered, this.#draftEnd);
  }

  /** Renders the next line where there is room, which there may be after a flush. */
  #render(write: (position: number) => number): boolean {
    // One at a time: where the next line begins, another is rendered.
    if (this.#isRendering) return false;
    this.#draftEnd = noDraft;
    this.#isRendering = true;
    try {
      if (this.#renderAtEnd(write)) return true;
      if (this.#buffered < capacity / 2) return false;
      this.flush();
      return this.#renderAtEnd(write);
    } finally {
      this.#isRendering = false;
    }
  }

  #renderAtEnd(write: (position: number) => number): boolean {
    const position = this.#buffered;
    const end = write(position);
    // It begins elsewhere after a flush by a getter.
    this.#draftEnd = end < capacity && position === this.#buffered ? end : noDraft;
    return this.#draftEnd !== noDraft;
  }

  #put(text: string): number {
    return this.#jsonTexts.buffer.write(text, this.#buffered);
  }

  #writeWhole(bytes: Buffer, length = bytes.length): void {
    let done = 0;
    try {
      while (done < length) done += writeSync(this.#fd, bytes, done, length - done);
      this.#written += done;
    } catch (cause) {
      const whole = done === 0 ? 0 : bytes.lastIndexOf(lineFeed, done - 1) + 1;
      this.#written += this.#cutTo(whole, done) ? whole : done;
      throw this.#toError(cause);
    }
  }

  #toError(cause: unknown): unknown {
    const error = toFileError(cause, "write to", this.#path);
    const hint = this.#fullDiskHint;
    if (hint === undefined || !(error instanceof OpenbatchError) || error.code !== "disk_full") return error;
    return new OpenbatchError(error.code, error.message, { hint, cause });
  }

  /** Cuts a line off that did not fit, unless another process has appended behind it. */
  #cutTo(whole: number, done: number): boolean {
    if (whole === done) return true;
    try {
      if (fstatSync(this.#fd).size !== this.#written + done) return false;
      ftruncateSync(this.#fd, this.#written + whole);
      return true;
    } catch {
      return false;
    }
  }
}
