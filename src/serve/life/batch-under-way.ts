import type { BatchFile } from "../../batch-file/index.js";
import type { SettledRequest } from "../../execute/index.js";
import type { BatchRecord } from "../store/batch-record.js";
import { BatchProgress } from "./batch-progress.js";
import type { BatchSending } from "./batch-sending.js";
import type { BatchServices } from "./batch-services.js";
import { Patience } from "./patience.js";
import { tallyResults } from "./tally-results.js";

/** Where the files of a batch lie. */
interface BatchPaths {
  /** Its input, kept for it alone. */
  readonly requests: string;
  readonly output: string;
  readonly errors: string;
}

/** A batch that is not at its end: what the steps of its life know of it, and leave for one another. */
export class BatchUnderWay {
  readonly id: string;
  readonly patience = new Patience();
  /** The try to send it that is under way. */
  sending: BatchSending | undefined;
  readonly #stores: Pick<BatchServices, "batches" | "files">;
  readonly #halt = new AbortController();
  readonly #closing = new AbortController();
  #progress = new BatchProgress();
  #input: BatchFile | undefined;
  #isWaiting = false;

  constructor(id: string, stores: Pick<BatchServices, "batches" | "files">) {
    this.id = id;
    this.#stores = stores;
  }

  /** What is written down of it. */
  get record(): BatchRecord {
    const record = this.#stores.batches.find(this.id);
    if (record === undefined) throw new TypeError(`There is no batch ${this.id}.`);
    return record;
  }

  get paths(): BatchPaths {
    const { batches, files } = this.#stores;
    const { outputFileId, errorFileId } = this.record;
    return {
      requests: batches.inputPathOf(this.id),
      output: files.pathOf(outputFileId),
      errors: files.pathOf(errorFileId),
    };
  }

  /** Aborted when no more requests are to be sent: out of time, cancelled, or the server closes. */
  get halted(): AbortSignal {
    return this.#halt.signal;
  }

  /** Aborted when the server closes: what is left is for another one. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** @param graceMs how long requests in flight may take to be answered, in milliseconds. */
  halt(graceMs: number): void {
    this.#halt.abort();
    this.sending?.end(graceMs);
  }

  /** @param graceMs how long requests in flight may take to be answered, in milliseconds. */
  close(graceMs: number): void {
    this.#closing.abort();
    this.halt(graceMs);
  }

  /** The fields of a batch that tell what of it was answered so far. */
  get counts(): ReturnType<BatchProgress["toFields"]> {
    return this.#progress.toFields(this.record.object.request_counts);
  }

  /** Whether there are results of it. */
  get isBegun(): boolean {
    const { completed, failed } = this.counts.request_counts;
    return completed + failed > 0;
  }

  count({ succeeded, usage }: SettledRequest): void {
    this.#progress.add(succeeded, usage);
    this.patience.renew();
  }

  /** Counts what its files hold. */
  async recount(): Promise<void> {
    const { output, errors } = this.paths;
    this.#progress = await tallyResults([output, errors]);
  }

  /** Its input: open from its validation until the first try to send it, later where it lies. */
  get input(): BatchFile | string {
    return this.#input ?? this.paths.requests;
  }

  keepInput(input: BatchFile): void {
    this.closeInput();
    this.#input = input;
  }

  closeInput(): void {
    this.#input?.close();
    this.#input = undefined;
  }

  /** Whether it gets on by itself: it waits neither for the clock, nor for answers that have not come for a while. */
  get isMoving(): boolean {
    if (this.#isWaiting) return false;
    return this.halted.aborted || this.sending?.isStalled !== true;
  }

  /** Waits for the clock, for a place, or for a cause to pass. */
  async wait<Value>(waiting: Promise<Value>): Promise<Value> {
    this.#isWaiting = true;
    try {
      return await waiting;
    } finally {
      this.#isWaiting = false;
    }
  }
}
