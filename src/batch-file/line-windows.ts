import type { OpenFile } from "../files/index.js";
import { type LineBytes, nextEdition, noEdition } from "./line-bytes.js";

const blockBytes = 65_536;
/** Read behind a block, for the lines that start in it and end behind it. */
const overlapBytes = 4096;
/** A block holds few lines that are longer: each is read alone. */
const maxSharedBytes = 8192;
/** Each block has one window that it may be held in, which it shares with others far away. All fit into a processor's cache. */
const windowCount = 32;
/** Above this, memory for a line is not kept for the next one. */
const maxScratchBytes = 1_048_576;
const none = -1;

interface Window {
  readonly bytes: Buffer;
  readonly edition: number;
}

interface PlacedFile {
  readonly file: OpenFile;
  /** Where the file starts among all files. */
  readonly base: number;
}

/**
 * Reads lines of open files, here and there, and holds the stretches that were read last: results mostly stand near those of
 * the requests before. The place of a line counts through all files.
 */
export class LineWindows implements LineBytes {
  /** What was read last: the line is `buffer` from `start` to `end`. Valid until the next read. */
  buffer: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  edition = noEdition;
  readonly #files: readonly PlacedFile[];
  readonly #windows: Window[] = [];
  /** Which block each window holds, and which was asked for last. */
  readonly #held = new Float64Array(windowCount).fill(none);
  readonly #touched = new Float64Array(windowCount).fill(none);
  #scratch = Buffer.allocUnsafeSlow(blockBytes);

  constructor(files: readonly OpenFile[]) {
    let base = 0;
    this.#files = files.map((file) => {
      const placed = { file, base };
      base += Math.ceil(file.bytes / blockBytes) * blockBytes;
      return placed;
    });
  }

  /** Where a file starts among all files. */
  baseOf(index: number): number {
    return this.#files[index]?.base ?? 0;
  }

  /** The number of the file that a place is in. */
  fileAt(place: number): number {
    let low = 0;
    let high = this.#files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.baseOf(middle) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Holds nothing any more: of files that have grown it may hold an end that is none now. */
  forget(): void {
    this.#held.fill(none);
  }

  /** Reads a line of known length. What is not there any more is left out. Gives itself, standing at the line. */
  read(place: number, length: number): this {
    const block = Math.floor(place / blockBytes);
    const start = place - block * blockBytes;
    const isAlone = length > maxSharedBytes || start + length > blockBytes + overlapBytes;
    if (isAlone) return this.#readAlone(place, length);
    const window = this.#openWindow(block);
    if (window === undefined) return this.#readAlone(place, length);
    this.buffer = window.bytes;
    this.edition = window.edition;
    this.start = start;
    this.end = Math.min(start + length, window.bytes.length);
    return this;
  }

  /** A block is read when it is touched again: where lines are asked for in no order, each would be read for one line. */
  #openWindow(block: number): Window | undefined {
    const slot = block % windowCount;
    if (this.#held[slot] === block) return this.#windows[slot];
    if (this.#touched[slot] !== block) {
      this.#touched[slot] = block;
      return undefined;
    }
    this.#held[slot] = none;
    const memory = this.#windows[slot]?.bytes.buffer ?? new ArrayBuffer(blockBytes + overlapBytes);
    const all = Buffer.from(memory);
    const bytes = all.subarray(0, this.#readBytes(all, block * blockBytes, all.length));
    const window = { bytes, edition: nextEdition() };
    this.#held[slot] = block;
    this.#windows[slot] = window;
    return window;
  }

  #readAlone(place: number, length: number): this {
    if (length > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(length);
    // No more than the line: whoever searches it would search what is left over behind it too.
    this.buffer = this.#scratch.subarray(0, length);
    this.edition = noEdition;
    if (length > maxScratchBytes) this.#scratch = Buffer.allocUnsafeSlow(blockBytes);
    this.start = 0;
    this.end = this.#readBytes(this.buffer, place, length);
    return this;
  }

  #readBytes(bytes: Buffer, place: number, length: number): number {
    const { file, base } = this.#files[this.fileAt(place)] ?? {};
    return file === undefined ? 0 : file.read(bytes, 0, { offset: place - (base ?? 0), length });
  }
}
