import { readSync } from "node:fs";

const chunkBytes = 262_144;
const lineFeed = 0x0a;

export interface LineCursorOptions {
  /** Where to stop, in bytes. The end of the file by default. */
  readonly end?: number;
  /** Gets every stretch of the file as it is read, valid during the call. */
  readonly onRead?: (bytes: Buffer) => void;
}

/**
 * Goes through the lines of an open file, one when it is asked for. Reads blocking: a chunk takes less time than what is done
 * with its lines. The file may grow meanwhile.
 */
export class LineCursor {
  readonly #fd: number;
  readonly #end: number;
  readonly #onRead: (bytes: Buffer) => void;
  #buffer = Buffer.allocUnsafeSlow(chunkBytes);
  /** Where the buffer starts in the file, and how much of it is filled. */
  #base = 0;
  #filled = 0;
  #lineStart = 0;
  #lineEnd = -1;
  #number = 0;
  #terminated = true;

  constructor(fd: number, { end = Infinity, onRead = () => {} }: LineCursorOptions = {}) {
    this.#fd = fd;
    this.#end = end;
    this.#onRead = onRead;
  }

  /** Goes to the next line; false where there is none. */
  next(): boolean {
    if (!this.#terminated) return false;
    this.#lineStart = this.#lineEnd + 1;
    let end = this.#buffer.indexOf(lineFeed, this.#lineStart);
    if (end === -1 || end >= this.#filled) end = this.#readOn();
    this.#lineEnd = end;
    if (end === this.#lineStart && !this.#terminated) return false;
    this.#number += 1;
    return true;
  }

  /** The number of the line, counted from 1. */
  get number(): number {
    return this.#number;
  }

  /** Where the line starts, in bytes from the start of the file. */
  get offset(): number {
    return this.#base + this.#lineStart;
  }

  /** Where the next line starts: bytes that are done with. */
  get position(): number {
    return this.#base + this.#lineEnd + (this.#terminated ? 1 : 0);
  }

  /** False for a last line without a line feed. */
  get isTerminated(): boolean {
    return this.#terminated;
  }

  /** The line without its line feed; valid until the next one is asked for. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#lineStart, this.#lineEnd);
  }

  /** Reads until the line is whole; gives where it ends in the buffer. */
  #readOn(): number {
    this.#moveToFront();
    for (;;) {
      const wanted = Math.min(this.#buffer.length - this.#filled, this.#end - this.#base - this.#filled);
      const length =
        wanted <= 0 ? 0 : readSync(this.#fd, this.#buffer, this.#filled, wanted, this.#base + this.#filled);
      if (length === 0) {
        this.#terminated = false;
        return this.#filled;
      }
      const chunk = this.#buffer.subarray(this.#filled, this.#filled + length);
      this.#onRead(chunk);
      const found = chunk.indexOf(lineFeed);
      const start = this.#filled;
      this.#filled += length;
      if (found !== -1) return start + found;
      if (this.#filled === this.#buffer.length) this.#resize(this.#buffer.length * 2);
    }
  }

  #moveToFront(): void {
    const rest = this.#filled - this.#lineStart;
    // After a line of many megabytes, its room is given back.
    if (this.#buffer.length > chunkBytes && rest < chunkBytes / 2) this.#resize(chunkBytes, this.#lineStart);
    else this.#buffer.copyWithin(0, this.#lineStart, this.#filled);
    this.#base += this.#lineStart;
    this.#filled = rest;
    this.#lineStart = 0;
  }

  #resize(length: number, from = 0): void {
    const buffer = Buffer.allocUnsafeSlow(length);
    this.#buffer.copy(buffer, 0, from, this.#filled);
    this.#buffer = buffer;
  }
}
