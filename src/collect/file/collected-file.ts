import { closeSync, fstatSync, ftruncateSync, read, readSync } from "node:fs";
import { promisify } from "node:util";
import { readLineId, withoutByteOrderMark } from "../../batch-file/index.js";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { FormatNames } from "../../format/index.js";
import { type EscapeOptions, hashKey, type KeyPlace, LineAppender, LineScanner } from "../../jsonl/index.js";
import type { CollectorOptions } from "./collector-options.js";
import { openDescriptor } from "./open-descriptor.js";
import { RequestLines } from "./request-lines.js";

type Mode = NonNullable<CollectorOptions["mode"]>;

const readAsync = promisify(read);
const chunkBytes = 1_048_576;
const lineGuess = 4096;

const fullDiskHint =
  'Make room, then run the same again with onDuplicate: "skip": the file holds whole lines.';

interface AppendOptions extends EscapeOptions {
  readonly hash: number;
  /** Whether the line may wait in memory; otherwise it is in the file on return. */
  readonly buffered: boolean;
}

/** The files that this process has open, by device and inode: all collectors on one file share one of these. */
const openFiles = new Map<string, CollectedFile>();

/**
 * One batch file that requests are appended to, and the ids of its lines. `open` and `openAsync` give the same one for
 * the same file; it is closed when each of its users has released it.
 */
export class CollectedFile {
  readonly formatNames = new FormatNames();
  readonly #path: string;
  readonly #key: string;
  readonly #fd: number;
  readonly #appender: LineAppender;
  #lines: RequestLines;
  #users = 0;
  #isStale = false;

  private constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
    this.#key = keyOf(fd);
    this.#appender = new LineAppender(fd, path, fullDiskHint);
    this.#lines = this.#emptyLines();
  }

  static open(path: string, mode: Mode): CollectedFile {
    const file = new CollectedFile(path, openFor(path, mode));
    try {
      if (!openFiles.has(file.#key)) file.#scan(file.#lines);
      return file.#retain();
    } catch (error) {
      closeSync(file.#fd);
      throw toFileError(error, "read", path);
    }
  }

  /** The same, without blocking while a large file is read. */
  static async openAsync(path: string, mode: Mode): Promise<CollectedFile> {
    const file = new CollectedFile(path, openFor(path, mode));
    try {
      if (!openFiles.has(file.#key)) await file.#scanAsync(file.#lines);
      return file.#retain();
    } catch (error) {
      closeSync(file.#fd);
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
    if (!this.#appender.appendDraft()) return this.appendText(JSON.stringify(line), options);
    this.#writeThrough(offset, options);
    this.#lines.add(options.hash, offset);
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
    this.#users -= 1;
    if (this.#users > 0) return this.flush();
    openFiles.delete(this.#key);
    if (openFiles.size === 0) process.off("exit", flushAtExit);
    this.#appender.close();
  }

  /** Counts one more user of the file that is open already, if it is, and else of this one. */
  #retain(): CollectedFile {
    const shared = openFiles.get(this.#key) ?? this;
    if (shared !== this) closeSync(this.#fd);
    if (openFiles.size === 0) process.on("exit", flushAtExit);
    openFiles.set(this.#key, shared);
    shared.#users += 1;
    return shared;
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
    this.#scan(this.#lines);
  }

  #readBytes({ offset }: KeyPlace): Buffer {
    this.#appender.flush();
    for (let length = lineGuess; ; length *= 4) {
      const bytes = this.#appender.read(offset, length);
      const end = bytes.indexOf("\n");
      if (end !== -1 || bytes.length < length) return bytes.subarray(0, end === -1 ? bytes.length : end);
    }
  }

  #scan(lines: RequestLines): void {
    const scanner = new LineScanner((line) => lines.read(line));
    if (!fstatSync(this.#fd).isFile()) return;
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let position = 0; ; ) {
      const length = readSync(this.#fd, chunk, 0, chunkBytes, position);
      if (length === 0) return scanner.end();
      scanner.push(chunk.subarray(0, length));
      position += length;
    }
  }

  async #scanAsync(lines: RequestLines): Promise<void> {
    const scanner = new LineScanner((line) => lines.read(line));
    if (!fstatSync(this.#fd).isFile()) return;
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let position = 0; ; ) {
      const { bytesRead } = await readAsync(this.#fd, chunk, 0, chunkBytes, position);
      if (bytesRead === 0) return scanner.end();
      scanner.push(chunk.subarray(0, bytesRead));
      position += bytesRead;
    }
  }
}

function openFor(path: string, mode: Mode): number {
  const fd = openDescriptor(path, { mustBeNew: mode === "create" });
  if (mode === "overwrite") empty(fd, path);
  return fd;
}

function empty(fd: number, path: string): void {
  if (!openFiles.has(keyOf(fd))) {
    if (fstatSync(fd).isFile()) ftruncateSync(fd);
    return;
  }
  closeSync(fd);
  throw new OpenbatchError(
    "file_in_use",
    `${path} cannot be overwritten: another collector of this process has it open.`,
  );
}

function keyOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}

/** Each file is flushed, also where another one cannot be. */
function flushAtExit(): void {
  const failures: unknown[] = [];
  for (const file of openFiles.values()) {
    try {
      file.flush();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
