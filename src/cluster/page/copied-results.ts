import { open, rm, truncate } from "node:fs/promises";
import type { SegmentPart } from "../database/files-table.js";
import type { CommittedSegment } from "../database/segments-table.js";
import type { SharedStorage } from "../storage/shared-storage.js";
import { toResultsName } from "../store/object-names.js";

export interface CopiedResultsOptions {
  readonly storage: SharedStorage;
  /** Makes sure that there is room for so many bytes more, or throws. Below 0 they are given back. */
  readonly take: (bytes: number) => void;
}

const newline = 10;

/** Results in one file that only grows: segment after segment, in the order in which they are found, line after line. */
export class CopiedResults {
  readonly path: string;
  readonly #options: CopiedResultsOptions;
  /** The numbers of the segments that are here. */
  readonly numbers: number[] = [];
  /** Whether nothing more comes. */
  isWhole = false;
  readonly #bytes = { output: 0, errors: 0 };

  constructor(path: string, options: CopiedResultsOptions) {
    this.path = path;
    this.#options = options;
  }

  /** Whether something is here of another part than these. */
  holdsOther(parts: readonly SegmentPart[]): boolean {
    return (["output", "errors"] as const).some((part) => this.#bytes[part] > 0 && !parts.includes(part));
  }

  /** All of a segment, or nothing. */
  async add(segment: CommittedSegment, parts: readonly SegmentPart[], signal: AbortSignal): Promise<void> {
    const { output, errors } = this.#bytes;
    const added = { output: segment.outputBytes, errors: segment.errorsBytes };
    try {
      for (const part of parts) {
        this.#options.take(added[part]);
        this.#bytes[part] += added[part];
        if (added[part] > 0) await this.#append(toResultsName(segment.batch, segment, part), signal);
      }
      this.numbers.push(segment.n);
    } catch (error) {
      this.#options.take(output + errors - this.#size);
      Object.assign(this.#bytes, { output, errors });
      await truncate(this.path, this.#size).catch(() => undefined);
      throw error;
    }
  }

  /** What people call it: the files whose lines it has. */
  get name(): string {
    const parts = (["output", "errors"] as const).filter((part) => this.#bytes[part] > 0);
    return parts.join(" and ") || "output";
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
    this.#options.take(-this.#size);
  }

  get #size(): number {
    return this.#bytes.output + this.#bytes.errors;
  }

  async #append(name: string, signal: AbortSignal): Promise<void> {
    const file = await open(this.path, "a", 0o600);
    try {
      for await (const lines of wholeLines(this.#options.storage.getRange(name))) {
        signal.throwIfAborted();
        await file.appendFile(lines);
      }
    } finally {
      await file.close();
    }
  }
}

/** Whoever looks at the file meanwhile sees the end of a line, and can read on from there. */
async function* wholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) yield Buffer.concat([rest, chunk.subarray(0, end)]);
    rest = end > 0 ? Buffer.from(chunk.subarray(end)) : Buffer.concat([rest, chunk]);
  }
  if (rest.length > 0) yield rest;
}
