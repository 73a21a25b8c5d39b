import { readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { lineFeed } from "../../jsonl/index.js";

/** A stretch of a file. The lines that start in it belong to it; its last one may end behind it. */
export interface ByteRange {
  /** The first byte. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/** Takes the bytes of whole lines, in chunks that are cut anywhere. */
export interface LineSink {
  readonly push: (chunk: Buffer) => void;
  readonly end: () => void;
}

export interface ScanRangeOptions {
  /** Gives the sink for the lines of the range, once it is known where the first one starts. */
  readonly startAt: (offset: number) => LineSink;
  readonly signal?: AbortSignal | undefined;
}

const chunkBytes = 262_144;
/** What is read at once to find the end of the last line. */
const tailBytes = 16_384;

/** Cuts a file into ranges of equal size; an empty file is one empty range. */
export function cutRanges(fileBytes: number, rangeBytes: number): ByteRange[] {
  const ranges: ByteRange[] = [];
  for (let start = 0; start < fileBytes || start === 0; start += rangeBytes) {
    ranges.push({ start, end: Math.min(start + rangeBytes, fileBytes) });
  }
  return ranges;
}

/** Scans the lines that start in a range of an open file. */
export class RangeScanner {
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafeSlow(chunkBytes);

  constructor(fd: number) {
    this.#fd = fd;
  }

  async scan(range: ByteRange, { startAt, signal }: ScanRangeOptions): Promise<void> {
    if (range.start === range.end) return;
    let sink = range.start === 0 ? startAt(0) : undefined;
    // The line feed just before the range decides whether a line starts with its first byte.
    let position = Math.max(0, range.start - 1);
    for await (const chunk of this.#readChunks(position, range.end)) {
      signal?.throwIfAborted();
      let from = 0;
      if (sink === undefined) {
        from = chunk.indexOf(lineFeed) + 1;
        const hasStart = from > 0;
        if (position + (hasStart ? from : chunk.length) >= range.end) return;
        if (hasStart) sink = startAt(position + from);
      }
      const end = findEnd(chunk, range.end - 1 - position);
      sink?.push(chunk.subarray(from, end));
      if (end !== undefined) return;
      position += chunk.length;
    }
    sink?.end();
  }

  /**
   * A chunk is valid until the next one is asked for. Reading one blocks for much less time than looking at it does, and
   * to read in the background costs more than it saves.
   */
  async *#readChunks(start: number, end: number): AsyncGenerator<Buffer> {
    for (let position = start; ; ) {
      const wanted = Math.min(Math.max(end - position, tailBytes), chunkBytes);
      const bytes = readSync(this.#fd, this.#buffer, 0, wanted, position);
      if (bytes === 0) return;
      position += bytes;
      yield this.#buffer.subarray(0, bytes);
      // Lets the rest of the process have its turn.
      await setImmediate();
    }
  }
}

/** Where the line ends that holds the last byte of the range, if it ends in this chunk. */
function findEnd(chunk: Buffer, lastByte: number): number | undefined {
  if (lastByte >= chunk.length) return undefined;
  const found = chunk.indexOf(lineFeed, Math.max(0, lastByte));
  return found === -1 ? undefined : found + 1;
}
