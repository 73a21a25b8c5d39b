import { closeSync, fstatSync, ftruncateSync } from "node:fs";
import { readLineId, withoutByteOrderMark } from "../../batch-file/index.js";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { FormatNames } from "../../format/index.js";
import {
  type EscapeOptions,
  hashKey,
  type KeyPlace,
  LineAppender,
  type ShapedValue,
} from "../../jsonl/index.js";
import type { CollectorOptions } from "./collector-options.js";
import { openDescriptor } from "./open-descriptor.js";
import { RequestLines } from "./request-lines.js";
import { scanLines, scanLinesAsync } from "./scan-lines.js";
import { SharedFiles } from "./shared-files.js";

type Mode = NonNullable<CollectorOptions["mode"]>;

const lineGuess = 4096;

const fullDiskHint =
  'Make room, then run the same again with onDuplicate: "skip": the file holds whole lines.';

interface AppendOptions extends EscapeOptions {
  readonly hash: number;
  /** Whether the line may wait in memory; otherwise it is in the file on return. */
  readonly buffered: boolean;
}

/** All collectors of this process on one file share one of these. */
const openFiles = new SharedFiles<CollectedFile>();

/**
 * One batch file: requests are appended to it through its `LineAppender`, and found in it through its `RequestLines`, which are
 * read anew after another process has appended. `open` and `openAsync` give the same one for the same file; it is closed when
 * each of its users has released it.
 */
export class CollectedFile {
  readonly formatNames = new FormatNames();
  readonly #path: string;
  readonly #fd: number;
  readonly #appender: LineAppender;
  #lines: RequestLines;
  #isStale = false;

  private constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
    this.#appender = new LineAppender(fd, path, fullDiskHint);
    this.#lines = this.#emptyLines();
  }

  static open(path: string, mode: Mode): CollectedFile {
    const fd = openFor(path, mode);
    try {
      const file = new CollectedFile(path, fd);
      if (!openFiles.has(fd)) file.#scan();
      return openFiles.retain(fd, file);
    } catch (error) {
      closeSync(fd);
      throw toFileError(error, "read", path);
    }
  }

  /** The same, without blocking while a large file is read. */
  static async openAsync(path: string, mode: Mode): Promise<CollectedFile> {
    const fd = openFor(path, mode);
    try {
      const file = new CollectedFile(path, fd);
      if (!openFiles.has(fd)) await scanLinesAsync(fd, (line) => file.#lines.read(line));
      return openFiles.retain(fd, file);
    } catch (error) {
      closeSync(fd);
      throw toFileError(error, "read", path);
    }
  }

  get count(): number {
    return this.#lines.count;
  }

  /** The line that has an id, if there is one. */
  find(custom_id: string, hash = hashKey(custom_id)): KeyPlace | undefined {
    const place = this.#lines.find(custom_id, hash);
    if (!this.#isStale) return place;
    this.#rescan();
    return this.#lines.find(custom_id, hash);
  }

  /** The text of a line that was found. */
  readLine(place: KeyPlace): string {
    return withoutByteOrderMark(this.#readBytes(place)).toString("utf8");
  }

  /**
   * Renders a line in one pass before it is checked, so that {@link append} need not. False where it holds more than plain
   * JSON data, or where it cannot be known.
   */
  draftUnchecked(line: object, options: EscapeOptions): boolean {
    return !this.#lines.endsOpen && this.#appender.draft(line, options);
  }

  /** Appends the line that was drafted last, or renders it; its id, of that hash, is not in the file. */
  append(line: object, options: AppendOptions): void {
    const offset = this.#appender.position;
    if (this.#lines.endsOpen || !this.#appender.appendDraft(line))
      return this.appendText(JSON.stringify(line), options);
    this.#writeThrough(offset, options);
    this.#lines.add(options.hash, offset);
  }

  /** Appends a line of a known shape. False where there is no room for it. */
  appendShaped(line: ShapedValue, options: AppendOptions): boolean {
    if (this.#lines.endsOpen) return false;
    const offset = this.#appender.position;
    if (!this.#appender.appendShaped(line, options)) return false;
    this.#writeThrough(offset, options);
    this.#lines.add(options.hash, offset);
    return true;
  }

  /** Appends a line that is JSON text already. */
  appendText(line: string, options: AppendOptions): void {
    const start = this.#appender.position;
    if (this.#lines.endsOpen) this.#appender.append("");
    const offset = this.#appender.position;
    this.#appender.append(line, options);
    this.#writeThrough(start, options);
    this.#lines.add(options.hash, offset);
  }

  flush(): void {
    this.#appender.flush();
  }

  release(): void {
    if (openFiles.release(this)) this.#appender.close();
    else this.flush();
  }

  #writeThrough(start: number, { buffered }: AppendOptions): void {
    if (buffered) return;
    try {
      this.#appender.flush();
    } catch (error) {
      this.#appender.discardFrom(start);
      throw error;
    }
  }

  #emptyLines(): RequestLines {
    const readId = (place: KeyPlace) => this.#readId(place);
    return new RequestLines(this.#path, { readId, formatNames: this.formatNames });
  }

  #readId(place: KeyPlace): string | undefined {
    if (this.#appender.isShared) {
      this.#isStale = true;
      return undefined;
    }
    return readLineId(withoutByteOrderMark(this.#readBytes(place)));
  }

  /** After another process has appended, lines are no longer where this one wrote them. */
  #rescan(): void {
    this.#appender.resync();
    this.#isStale = false;
    this.#lines = this.#emptyLines();
    try {
      this.#scan();
    } catch (error) {
      // Who goes on all the same is told again: nothing is appended to what was not read.
      this.#isStale = true;
      throw error;
    }
  }

  #readBytes({ offset }: KeyPlace): Buffer {
    this.#appender.flush();
    for (let length = lineGuess; ; length *= 4) {
      const bytes = this.#appender.read(offset, length);
      const end = bytes.indexOf("\n");
      if (end !== -1 || bytes.length < length) return bytes.subarray(0, end === -1 ? bytes.length : end);
    }
  }

  #scan(): void {
    scanLines(this.#fd, (line) => this.#lines.read(line));
  }
}

function openFor(path: string, mode: Mode): number {
  const fd = openDescriptor(path, { mustBeNew: mode === "create" });
  if (mode === "overwrite") empty(fd, path);
  return fd;
}

function empty(fd: number, path: string): void {
  if (!openFiles.has(fd)) {
    const there = fstatSync(fd);
    // Whether or not there is something to cut off, Linux brings what is written after it to the disk when the file is closed.
    if (there.isFile() && there.size > 0) ftruncateSync(fd);
    return;
  }
  closeSync(fd);
  throw new OpenbatchError(
    "file_in_use",
    `${path} cannot be overwritten: another collector of this process has it open.`,
  );
}
