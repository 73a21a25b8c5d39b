import { setImmediate } from "node:timers/promises";
import type { OpenFile } from "../../files/index.js";
import { RowSet } from "./row-set.js";
import { type TextPattern, toTextPattern } from "./text-pattern.js";

const chunkBytes = 1_048_576;
/** Lines that were found to hold a text, between two turns of the rest of the process. */
const hitsAtOnce = 200;
const lineFeed = 10;

export interface TextSearchOptions {
  readonly files: readonly OpenFile[];
  readonly findRow: (line: Buffer) => number | undefined;
  /** Everything of a row that people look for. */
  readonly readTexts: (row: number) => Promise<readonly string[]>;
  readonly signal: AbortSignal;
}

/** The rows that hold a text, found in the bytes of the files: only lines that seem to hold it are read as what they are. */
export class TextSearch {
  readonly set = new RowSet();
  isComplete = false;
  readonly #pattern: TextPattern;
  readonly #options: TextSearchOptions;
  #hits = 0;

  constructor(text: string, options: TextSearchOptions) {
    this.#pattern = toTextPattern(text);
    this.#options = options;
  }

  async run(): Promise<void> {
    for (const file of this.#options.files) await this.#searchFile(file);
    this.isComplete = true;
  }

  async #searchFile(file: OpenFile): Promise<void> {
    let chunk = Buffer.allocUnsafe(chunkBytes);
    let kept = 0;
    for (let offset = 0; offset < file.bytes; ) {
      const length = Math.min(chunk.length - kept, file.bytes - offset);
      const read = file.read(chunk, kept, { offset, length });
      if (read === 0) return;
      offset += read;
      const filled = kept + read;
      const isLast = offset >= file.bytes;
      const end = isLast ? filled : chunk.lastIndexOf(lineFeed, filled - 1) + 1;
      if (end > 0) await this.#searchLines(chunk.subarray(0, end));
      // A line longer than the chunk: it is searched when it is whole.
      if (end === 0) chunk = Buffer.concat([chunk], chunk.length * 2);
      else chunk.copy(chunk, 0, end, filled);
      kept = filled - end;
      await setImmediate();
      this.#options.signal.throwIfAborted();
    }
  }

  /** Goes through whole lines. */
  async #searchLines(bytes: Buffer): Promise<void> {
    const text = bytes.toString("latin1");
    const { inBytes } = this.#pattern;
    for (let from = 0; from < text.length; ) {
      inBytes.lastIndex = from;
      const found = inBytes.exec(text);
      if (found === null) return;
      const start = text.lastIndexOf("\n", found.index) + 1;
      const next = text.indexOf("\n", found.index);
      const end = next === -1 ? text.length : next;
      await this.#look(bytes.subarray(start, end));
      from = end + 1;
    }
  }

  async #look(line: Buffer): Promise<void> {
    const { findRow, readTexts, signal } = this.#options;
    const row = findRow(line);
    if (row === undefined || this.set.has(row)) return;
    const texts = await readTexts(row);
    if (texts.some((text) => this.#pattern.isIn(text))) this.set.add(row);
    this.#hits += 1;
    if (this.#hits % hitsAtOnce !== 0) return;
    await setImmediate();
    signal.throwIfAborted();
  }
}
