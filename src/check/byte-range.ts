import { read } from "node:fs";
import { promisify } from "node:util";

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
  /** Gives a sink for the lines of the range, once it is known where the first one starts. */
  readonly createSink: (offset: number) => LineSink;
  readonly signal?: AbortSignal | undefined;
}

const readAsync = promisify(read);
const chunkBytes = 262_144;
const lineFeed = 0x0a;

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
  readonly #buffers = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)] as const;

  constructor(fd: number) {
    this.#fd = fd;
  }

  async scan(range: ByteRange, { createSink, signal }: ScanRangeOptions): Promise<void> {
    if (range.start === range.end) return;
    let sink = range.start === 0 ? createSink(0) : undefined;
    // The line feed just before the range decides whether a line starts with its first byte.
    let position = Math.max(0, range.start - 1);
    for await (const chunk of this.#readChunks(position)) {
      signal?.throwIfAborted();
      let from = 0;
      if (sink === undefined) {
        from = chunk.indexOf(lineFeed) + 1;
        const hasStart = from > 0;
        if (position + (hasStart ? from : chunk.length) >= range.end) return;
        if (hasStart) sink = createSink(position + from);
      }
      const end = findEnd(chunk, range.end - 1 - position);
      sink?.push(chunk.subarray(from, end));
      if (end !== undefined) return;
      position += chunk.length;
    }
    sink?.end();
  }

  /** A chunk is valid until the next one is asked for; that one is being read meanwhile. */
  async *#readChunks(start: number): AsyncGenerator<Buffer> {
    const [first, second] = this.#buffers;
    let position = start;
    let current = { buffer: first, bytes: this.#read(first, position) };
    try {
      for (let bytes = await current.bytes; bytes > 0; bytes = await current.bytes) {
        const { buffer } = current;
        position += bytes;
        const next = buffer === first ? second : first;
        current = { buffer: next, bytes: this.#read(next, position) };
        yield buffer.subarray(0, bytes);
      }
    } finally {
      // Nothing may read into a buffer that serves another range already.
      await current.bytes.catch(() => 0);
    }
  }

  async #read(buffer: Buffer, position: number): Promise<number> {
    return (await readAsync(this.#fd, buffer, 0, buffer.length, position)).bytesRead;
  }
}

/** Where the line ends that holds the last byte of the range, if it ends in this chunk. */
function findEnd(chunk: Buffer, lastByte: number): number | undefined {
  if (lastByte >= chunk.length) return undefined;
  const found = chunk.indexOf(lineFeed, Math.max(0, lastByte));
  return found === -1 ? undefined : found + 1;
}
