import { setImmediate } from "node:timers/promises";
import type { OpenFile } from "../../files/index.js";
import { RowSet } from "./row-set.js";
import { type TextPattern, toTextPattern } from "./text-pattern.js";

/** A text of so many bytes is made where garbage costs nothing; of a longer one every page would be asked of the system. */
const chunkBytes = 65_536;
/** So much is done between two turns of the rest of the process: bytes that are searched, and lines that seem to hold the text. */
const bytesAtOnce = 2_097_152;
const hitsAtOnce = 100;
const lineFeed = 10;

export interface TextSearchOptions {
  readonly files: readonly SearchedFile[];
  readonly findRow: (line: Buffer) => number | undefined;
  readonly signal: AbortSignal;
}

export interface SearchedFile {
  readonly file: OpenFile;
  /** Everything that people look for in what this file holds of a row. */
  readonly readTexts: (row: number) => Promise<readonly string[]>;
}

/** The rows that hold a text, found in the bytes of the files: only lines that seem to hold it are read as what they are. */
export class TextSearch {
  readonly set = new RowSet();
  isComplete = false;
  readonly #pattern: TextPattern;
  readonly #options: TextSearchOptions;
  #bytesSincePause = 0;
  #hitsSincePause = 0;

  constructor(text: string, options: TextSearchOptions) {
    this.#pattern = toTextPattern(text);
    this.#options = options;
  }

  async run(): Promise<void> {
    for (const file of this.#options.files) await this.#searchFile(file);
    this.isComplete = true;
  }

  async #searchFile({ file, readTexts }: SearchedFile): Promise<void> {
    let chunk = Buffer.allocUnsafeSlow(chunkBytes);
    let kept = 0;
    for (let offset = 0; offset < file.bytes; ) {
      const length = Math.min(chunk.length - kept, file.bytes - offset);
      const read = file.read(chunk, kept, { offset, length });
      if (read === 0) return;
      offset += read;
      const filled = kept + read;
      const isLast = offset >= file.bytes;
      const end = isLast ? filled : chunk.lastIndexOf(lineFeed, filled - 1) + 1;
      if (end > 0) await this.#searchLines(chunk.subarray(0, end), readTexts);
      // A line longer than the chunk: it is searched when it is whole.
      if (end === 0) chunk = Buffer.concat([chunk], chunk.length * 2);
      else chunk.copy(chunk, 0, end, filled);
      kept = filled - end;
      this.#bytesSincePause += read;
      if (this.#bytesSincePause >= bytesAtOnce) await this.#pause();
    }
  }

  /** Goes through whole lines. */
  async #searchLines(bytes: Buffer, readTexts: SearchedFile["readTexts"]): Promise<void> {
    const text = bytes.toString("latin1");
    const { inBytes } = this.#pattern;
    for (let from = 0; from < text.length; ) {
      inBytes.lastIndex = from;
      const found = inBytes.exec(text);
      if (found === null) return;
      const start = text.lastIndexOf("\n", found.index) + 1;
      const next = text.indexOf("\n", found.index);
      const end = next === -1 ? text.length : next;
      await this.#look(bytes.subarray(start, end), readTexts);
      from = end + 1;
    }
  }

  async #look(line: Buffer, readTexts: SearchedFile["readTexts"]): Promise<void> {
    const row = this.#options.findRow(line);
    if (row === undefined || this.set.has(row)) return;
    const texts = await readTexts(row);
    if (texts.some((text) => this.#pattern.isIn(text))) this.set.add(row);
    this.#hitsSincePause += 1;
    if (this.#hitsSincePause >= hitsAtOnce) await this.#pause();
  }

  async #pause(): Promise<void> {
    this.#bytesSincePause = 0;
    this.#hitsSincePause = 0;
    await setImmediate();
    this.#options.signal.throwIfAborted();
  }
}
