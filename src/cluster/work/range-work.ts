import { type BatchError, isAtEnd } from "../../api/index.js";
import { BatchFile } from "../../batch-file/index.js";
import type { OpenbatchError } from "../../errors/index.js";
import { settlePending } from "../../execute/index.js";
import { BatchProgress, hasLostInput, inputLost, tallyResults, toFinalCause } from "../../serve/index.js";
import { readRange } from "../database/batch-ranges.js";
import { loadBatch, type StoredBatch } from "../database/batches-table.js";
import { isAway } from "../database/database.js";
import { countTake, forgetTakes, type RangeProgress } from "../database/progress-table.js";
import { hasSegment } from "../database/segments-table.js";
import type { Task } from "../database/task-queue.js";
import { isStorageAway } from "../storage/storage-away.js";
import { AttemptFiles, type RangePlace } from "./attempt-files.js";
import { commitSegment } from "./commit-segment.js";
import type { Lease } from "./lease.js";
import { isInputLost } from "./lost-input.js";
import type { RangeTask } from "./range-queue.js";
import { RangeSending } from "./range-sending.js";
import { type SettlingError, toSettlingError } from "./settling-error.js";
import { endWithoutInput, failUnbegun } from "./stop-batch.js";
import type { WorkerParts } from "./worker-parts.js";
import type { WorkerUpstream } from "./worker-upstream.js";

/** How an attempt ended: its range needs no more, or is left to whoever takes it next. */
export type RangeEnd =
  | { readonly kind: "done"; readonly isCommitted?: boolean }
  | { readonly kind: "left" }
  /** For a cause outside it, which may hit others too: those that are sent there, or all where it is the storage. */
  | { readonly kind: "hindered"; readonly cause: OpenbatchError; readonly at: WorkerUpstream | undefined };

/** How often a cause is waited for that does not look as if it passed. */
const hopefulTakes = 3;

/** How long a worker waits for a database or a storage that is away, in milliseconds: each time twice as long. */
const awayMs = { least: 500, most: 8_000 };

export interface TakenRange {
  readonly task: Task<RangeTask>;
  readonly lease: Lease;
  readonly at: WorkerUpstream | undefined;
}

/** One worker's attempt at a range, from its taking to its end. */
export class RangeWork {
  readonly place: RangePlace;
  readonly lease: Lease;
  readonly #task: Task<RangeTask>;
  readonly #parts: WorkerParts;
  readonly #files: AttemptFiles;
  readonly #at: WorkerUpstream | undefined;
  readonly #sending: RangeSending;
  #progress = new BatchProgress();

  /** @param at to which its requests are sent; `undefined` where none is there that has its model, or is of its kind. */
  constructor({ task, lease, at }: TakenRange, parts: WorkerParts) {
    this.#task = task;
    this.#at = at;
    this.#parts = parts;
    this.place = task.data;
    this.lease = lease;
    this.#files = new AttemptFiles(task.data, parts);
    this.#sending = new RangeSending(lease, {
      ...parts,
      onSettled: ({ succeeded, usage }) => this.#progress.add(succeeded, usage),
    });
  }

  get task(): Task<RangeTask> {
    return this.#task;
  }

  /** Whether it only settles what is halted. */
  get isSettling(): boolean {
    return this.#at === undefined;
  }

  /** How far it is. */
  get progress(): RangeProgress {
    const { request_counts, usage } = this.#progress.toFields({ total: 0, completed: 0, failed: 0 });
    const { completed, failed } = request_counts;
    return { ...this.place, completed, failed, usage };
  }

  async run(): Promise<RangeEnd> {
    let isUseless = false;
    try {
      const end = await (this.#at?.withRange(() => this.#run()) ?? this.#run());
      isUseless = end.isUseless === true;
      return end;
    } finally {
      await this.#files.close({ isUseless, graceMs: this.#parts.graceMs }).catch(() => undefined);
    }
  }

  /** Sends no more: the batch is cancelled, or out of time. */
  halt(): void {
    this.#sending.halt();
  }

  /** Sends no more, and leaves the range to another worker with what it has. */
  close(): void {
    this.#sending.close();
  }

  /** Another worker has it, or may have: what is in flight is of no use. */
  lose(): void {
    this.lease.lose();
    this.#sending.lose();
  }

  /** Is told that the lease was confirmed. */
  resume(): void {
    this.#sending.resume();
  }

  async #run(): Promise<RangeEnd & { readonly isUseless?: boolean }> {
    const { batch, takes, isDone } = await this.#begin();
    if (batch === undefined || isDone) return this.#drop();
    const input = await this.#fetch(batch);
    if (input === "lost") return this.#endWithoutInput();
    if (input !== "there") return this.#stop(input, batch, { at: undefined, takes });
    const settling = toSettlingError(batch, takes);
    if (settling !== undefined) return this.#settle(settling);
    // Between the look for what is to be left and the taking of this the batch may have begun.
    if (this.#at === undefined) return { kind: "left" };
    return this.#send(batch, this.#at, takes);
  }

  /** Brings here what the range begins with; or gives why that cannot be had, now or ever. */
  async #fetch(batch: StoredBatch): Promise<OpenbatchError | "there" | "lost"> {
    try {
      const isResumed = await this.#files.takeOver();
      const isThere = await this.#fetchRequests(batch);
      const { output, errors } = this.#files;
      if (!isThere) await this.#files.cutTornLines();
      if (isResumed) this.#progress = await tallyResults([output, errors]);
      return isThere ? "there" : "lost";
    } catch (error) {
      if (isStorageAway(error)) return error;
      throw error;
    }
  }

  /** Gives whether they are there. */
  async #fetchRequests({ input, record }: StoredBatch): Promise<boolean> {
    if (input === null || hasLostInput(record.object)) return false;
    try {
      const { batch, n } = this.place;
      await this.#files.fetchRequests(input, await readRange(this.#parts.database, batch, n));
      return true;
    } catch (error) {
      if (isStorageAway(error) || !(await isInputLost(input, this.#parts))) throw error;
      return false;
    }
  }

  async #begin() {
    const { database } = this.#parts;
    const { batch: id, n } = this.place;
    const batch = await loadBatch(database, id);
    const isDone = batch === undefined || isAtEnd(batch.record.object) || (await hasSegment(database, id, n));
    const isTaken = !isDone && this.#at !== undefined;
    return { batch, isDone, takes: isTaken ? await countTake(database, id, n) : 0 };
  }

  /** Nothing is to be done. */
  async #drop() {
    const { database, queue } = this.#parts;
    await database.transaction((session) => queue.complete(this.#task, session));
    return { kind: "done", isUseless: true } as const;
  }

  async #send(
    batch: StoredBatch,
    at: WorkerUpstream,
    takes: number,
  ): Promise<RangeEnd & { readonly isUseless?: boolean }> {
    const batchFile = await BatchFile.open(this.#files.requests, { isHashed: false });
    try {
      const end = await this.#sending.run(batchFile, this.#files, at);
      if (end === "left") return { kind: "left" };
      if (end === "halted") return await this.#settleHalted();
      if (end !== "completed") return await this.#stop(end, batch, { at, takes });
      at.renew();
      return await this.#commit();
    } finally {
      batchFile.close();
    }
  }

  /** A cause that will not pass ends the batch, if none of it was answered; else it settles what is left of the range. */
  async #stop(
    cause: OpenbatchError,
    batch: StoredBatch,
    { at, takes }: { readonly at: WorkerUpstream | undefined; readonly takes: number },
  ): Promise<RangeEnd> {
    const { database } = this.#parts;
    const final = toFinalCause(cause, batch.record.object);
    if (final !== undefined && (await this.#fail(final))) return { kind: "done" };
    if (final !== undefined && takes >= hopefulTakes) return this.#settle(final);
    if (final === undefined) await forgetTakes(database, this.place.batch, this.place.n);
    return { kind: "hindered", cause, at: isStorageAway(cause) ? undefined : at };
  }

  /** What was answered of the range is all that there will be of it. */
  async #endWithoutInput(): Promise<RangeEnd & { readonly isUseless?: boolean }> {
    const { batch: id, n } = this.place;
    if (await this.#fail(inputLost())) return { kind: "done" };
    await endWithoutInput(id, this.#parts);
    const message = `The input of batch ${id} is gone: what of its range ${n} was not executed has no line in its error file.`;
    this.#parts.onEvent({ kind: "trouble", message });
    return this.#commit();
  }

  async #fail(cause: BatchError): Promise<boolean> {
    const { completed, failed } = this.progress;
    return completed + failed === 0 && (await failUnbegun(this.#task, cause, this.#parts));
  }

  async #settleHalted(): Promise<RangeEnd> {
    const batch = await loadBatch(this.#parts.database, this.place.batch);
    const error = batch && toSettlingError(batch, 0);
    return error === undefined ? { kind: "left" } : this.#settle(error);
  }

  /** Gives each request that has no result an error as its result. */
  async #settle(error: SettlingError): Promise<RangeEnd & { readonly isUseless?: boolean }> {
    const { requests, output, errors } = this.#files;
    await settlePending({ requests, output, errors, error });
    this.#progress = await tallyResults([output, errors]);
    return this.#commit();
  }

  /** Waits for a database or a storage that is away: what was paid for is kept. */
  async #commit(): Promise<RangeEnd & { readonly isUseless?: boolean }> {
    const { pace } = this.#sending;
    let sizes: Awaited<ReturnType<AttemptFiles["settle"]>> | undefined;
    for (let waitMs = awayMs.least; ; waitMs = Math.min(waitMs * 2, awayMs.most)) {
      try {
        sizes ??= await this.#files.settle();
        const range = { ...this.progress, ...sizes, pace, token: this.#files.token };
        const isFirst = await commitSegment(range, this.#task, this.#parts);
        if (isFirst && this.#task.retryCount > 0) await this.#files.removeOthers().catch(() => undefined);
        return { kind: "done", isCommitted: isFirst };
      } catch (error) {
        if (!(isAway(error) || isStorageAway(error)) || this.#sending.isClosing) throw error;
        this.#parts.onEvent({ kind: "waiting", id: this.place.batch, message: error.message, waitMs });
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}
