import { setTimeout as sleep } from "node:timers/promises";
import { type BatchError, type BatchStatus, isAtEnd } from "../../api/index.js";
import type { BatchFile } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { type SettledRequest, settlePending } from "../../execute/index.js";
import { sizeOf } from "../../files/index.js";
import { type BatchChange, toEnd, toFailure } from "../store/batch-change.js";
import type { BatchRecord } from "../store/batch-record.js";
import { waitFor } from "../store/clock.js";
import { removeFile } from "../store/record-folder.js";
import type { BatchPaths } from "./batch-paths.js";
import { BatchProgress } from "./batch-progress.js";
import { BatchSending } from "./batch-sending.js";
import type { BatchSurroundings } from "./batch-surroundings.js";
import { inputLost, toFinalCause } from "./final-cause.js";
import type { InvalidInput } from "./input-validator.js";
import { type OpenedInput, openInput } from "./open-input.js";
import { Patience } from "./patience.js";
import { publishResults, rewriteResults } from "./publish-results.js";
import { settleUnexecuted } from "./settle-unexecuted.js";
import { tallyResults } from "./tally-results.js";

/**
 * Takes one batch from wherever it stands to its end.
 *
 *     validating ──▶ in_progress ──▶ finalizing ──▶ completed, or expired
 *          └───────┬──────┘
 *                  └──▶ failed
 *     each of the three ──▶ cancelling ──▶ cancelled
 *
 * - `validating`: reads the input, and admits it or lets the batch fail.
 * - `in_progress`: sends its requests, one share of the time after the other, until each has its result or the batch is halted.
 *   A cause that does not pass fails the batch, or what is left of it.
 * - `finalizing`, `cancelling`: gives each request that was not executed its line, and shows the output and the error file.
 *
 * Whoever cancels a batch makes it `cancelling` and halts its life; all other changes of state are made here. Each step leaves
 * what it has done on the disk, and can be done again: it is the same whether a batch goes on after a pause, or in another
 * process after a kill. What fails for a cause outside the batch is tried again, however long it takes.
 */
export class BatchLife {
  readonly #id: string;
  readonly #world: BatchSurroundings;
  /** Aborted when no more requests are to be sent: out of time, cancelled, or the server closes. */
  readonly #halt = new AbortController();
  readonly #closing = new AbortController();
  #progress = new BatchProgress();
  #counting: Promise<void> | undefined;
  #isCounted = false;
  /** Its input, from its validation until the first try to send it. */
  #batchFile: BatchFile | undefined;
  #sending: BatchSending | undefined;
  #promptTokens = 0;
  readonly #patience = new Patience();
  /** Whether it waits: for the clock, for a place, or for a cause to pass. */
  #isWaiting = false;

  constructor(id: string, world: BatchSurroundings) {
    this.#id = id;
    this.#world = world;
  }

  /** `undefined` until what an earlier server did of the batch is counted. */
  get progress(): BatchProgress | undefined {
    return this.#isCounted ? this.#progress : undefined;
  }

  /** Resolves when the {@link progress} is known, or the server closes before. */
  async whenCounted(): Promise<void> {
    await this.#counting;
  }

  /** The try to send it that is under way. */
  get sending(): BatchSending | undefined {
    return this.#sending;
  }

  /** Of its prompts, if it is for that model and was admitted. */
  promptTokensFor(model: string | null): number {
    return this.#record.object.model === model ? this.#promptTokens : 0;
  }

  /** Whether it gets on by itself: it waits neither for the clock, nor for answers that have not come for a while. */
  get isMoving(): boolean {
    if (this.#isWaiting) return false;
    return this.#halt.signal.aborted || this.#sending?.isStalled !== true;
  }

  /** Resolves at the end of the batch, or when the server closes. */
  async run(): Promise<void> {
    const { clock } = this.#world;
    const cancelAlarm = clock.wakeAt(this.#record.object.expires_at * 1000, () => this.halt());
    try {
      this.#counting = this.#retry(() => this.#countEarlierResults());
      await this.#counting;
      while (!isAtEnd(this.#record.object) && !this.#closing.signal.aborted) {
        await this.#retry(() => this.#step());
      }
    } finally {
      cancelAlarm();
      this.#closeBatchFile();
    }
  }

  /** Sends no more requests: the batch is out of time, or it is `cancelling`. */
  halt(): void {
    this.#halt.abort();
    this.#sending?.end(this.#world.graceMs);
  }

  /**
   * Leaves the batch for another server to go on with.
   * @param graceMs how long requests in flight may take to be answered, in milliseconds.
   */
  close(graceMs: number): void {
    this.#closing.abort();
    this.#halt.abort();
    this.#sending?.end(graceMs);
  }

  get #record(): BatchRecord {
    const record = this.#world.batches.get(this.#id);
    if (record === undefined) throw new TypeError(`There is no batch ${this.#id}.`);
    return record;
  }

  /** What fails for a cause outside the batch, such as a full disk or a server that is down, is tried again. */
  async #retry(step: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await step();
        this.#patience.renew();
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        await this.#pause(error);
      }
    }
  }

  async #pause(error: unknown): Promise<void> {
    const waitMs = this.#patience.takePauseMs();
    this.#world.onEvent({ kind: "waiting", id: this.#id, message: describeCause(error), waitMs });
    const { signal } = this.#halt.signal.aborted ? this.#closing : this.#halt;
    await this.#wait(sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined));
  }

  async #countEarlierResults(): Promise<void> {
    const { object, promptTokens } = this.#record;
    if (object.status !== "validating") {
      this.#promptTokens = promptTokens;
      const leave = await this.#wait(this.#world.readings.enter(this.#halt.signal));
      try {
        if (this.#closing.signal.aborted) return;
        const { output, errors } = this.#paths;
        this.#progress = await tallyResults([output, errors]);
      } finally {
        leave();
      }
    }
    this.#isCounted = true;
  }

  async #step(): Promise<void> {
    switch (this.#record.object.status) {
      case "validating":
        return this.#validate();
      case "in_progress":
        return this.#execute();
      case "finalizing":
      case "cancelling":
        return this.#finalize();
      default:
        return;
    }
  }

  async #validate(): Promise<void> {
    await this.#stay("validating");
    const leave = await this.#wait(this.#world.readings.enter(this.#halt.signal));
    try {
      const { files, models } = this.#world;
      const { signal } = this.#closing;
      const batch = this.#record.object;
      const input = await openInput(this.#paths.requests, { batch, files, models, signal });
      this.#closeBatchFile();
      if (input.kind === "valid") this.#batchFile = input.batchFile;
      if (signal.aborted) return;
      await this.#update("validating", (now) => this.#admit(input, now));
    } finally {
      leave();
    }
    await this.#removeInput();
  }

  #admit(input: OpenedInput | InvalidInput, now: number): BatchChange {
    if (input.kind === "invalid") return toFailure(input.errors, now);
    const { requests, promptTokens } = input;
    const model = this.#world.model ?? input.model;
    const enqueuedTokens = this.#world.enqueuedTokens(model, this.#id);
    const error = this.#world.script.failBatch?.({ model, promptTokens, enqueuedTokens });
    if (error !== undefined) return toFailure([error], now);
    this.#promptTokens = promptTokens;
    const request_counts = { total: requests, completed: 0, failed: 0 };
    return { promptTokens, object: { status: "in_progress", in_progress_at: now, model, request_counts } };
  }

  async #execute(): Promise<void> {
    // Who waits for long holds nothing open.
    if (this.#world.runs.isFull) this.#closeBatchFile();
    const leave = await this.#wait(this.#world.runs.enter(this.#halt.signal));
    let isDone: boolean;
    try {
      isDone = await this.#send();
      const isHandedOver = this.#sending?.isHandedOver === true && !this.#halt.signal.aborted;
      if (!isDone && isHandedOver) return;
    } catch (error) {
      return await this.#stop(error);
    } finally {
      leave();
      this.#sending = undefined;
      this.#closeBatchFile();
    }
    await this.#stay("in_progress");
    if (this.#closing.signal.aborted) return;
    await this.#beginFinalizing({ isExpired: !isDone, object: {} });
  }

  async #beginFinalizing({ object, ...fields }: BatchChange): Promise<void> {
    await this.#update("in_progress", (now) => ({
      ...fields,
      object: { ...object, status: "finalizing", finalizing_at: now, ...this.#counts },
    }));
  }

  /** Gives whether each request has its result. */
  async #send(): Promise<boolean> {
    const { signal } = this.#halt;
    const { completed, failed, total } = this.#counts.request_counts;
    if (signal.aborted) return completed + failed === total;
    const { model, openLane, script } = this.#world;
    const lane = openLane();
    const batch = { ...this.#record.object, ...this.#counts };
    this.#sending = new BatchSending(script.wrapLane?.(lane, batch) ?? lane);
    return this.#sending.run({
      ...this.#paths,
      ...(this.#batchFile === undefined ? {} : { requests: this.#batchFile }),
      model,
      signal,
      onSettled: (settled) => this.#count(settled),
    });
  }

  #closeBatchFile(): void {
    this.#batchFile?.close();
    this.#batchFile = undefined;
  }

  #count({ succeeded, usage }: SettledRequest): void {
    this.#progress.add(succeeded, usage);
    this.#patience.renew();
  }

  /**
   * A cause that does not pass ends the batch. If nothing was answered yet it fails, as it would have by the service's
   * validation; else the requests that are left do.
   */
  async #stop(error: unknown): Promise<void> {
    if (await this.#isInputLost()) return this.#stopWithoutInput();
    const cause = toFinalCause(error, this.#record.object);
    if (cause === undefined) throw error;
    if (!this.#isBegun) return this.#fail(cause);
    // A server that has answered before may only be about to load its model.
    if (this.#patience.hasHope) throw error;
    await settlePending({ ...this.#paths, error: cause, signal: this.#closing.signal });
    this.#progress = await tallyResults([this.#paths.output, this.#paths.errors]);
    await this.#beginFinalizing({ object: {} });
  }

  async #stopWithoutInput(): Promise<void> {
    const error = inputLost();
    if (!this.#isBegun) return this.#fail(error);
    const errors = { object: "list", data: [error] } as const;
    await this.#beginFinalizing({ isExpired: true, object: { errors } });
  }

  async #fail(error: BatchError): Promise<void> {
    await this.#update("in_progress", (now) => toFailure([error], now));
    await this.#removeInput();
  }

  /** Whether there are results of it. */
  get #isBegun(): boolean {
    const { completed, failed } = this.#counts.request_counts;
    return completed + failed > 0;
  }

  async #isInputLost(): Promise<boolean> {
    return (await sizeOf(this.#paths.requests)) === undefined;
  }

  async #finalize(): Promise<void> {
    const record = this.#record;
    const { status, in_progress_at } = record.object;
    await this.#stay(status);
    if (this.#closing.signal.aborted) return;
    const { files, script, onEvent } = this.#world;
    const paths = this.#paths;
    if (in_progress_at !== null) {
      await settleUnexecuted(record, { paths, signal: this.#closing.signal, onEvent });
    }
    if (script.rewriteOutput !== undefined) await rewriteResults(paths.output, script.rewriteOutput);
    const published = await publishResults(record, files);
    await this.#update(status, (now) => ({
      object: { ...toEnd(record, now), ...published, ...this.#counts },
    }));
    await this.#removeInput();
  }

  /** Changes the batch if it is still in this state: meanwhile it may have been cancelled. */
  async #update(from: BatchStatus, change: (now: number) => BatchChange): Promise<void> {
    const { batches, onEvent } = this.#world;
    let isChanged = false;
    const { object } = await batches.update(this.#id, (record, now) => {
      isChanged = record.object.status === from;
      return isChanged ? change(now) : undefined;
    });
    if (isChanged) onEvent({ kind: "batch", id: this.#id, status: object.status });
  }

  /** Stays in a state for as long as a script wants it. */
  async #stay(status: BatchStatus): Promise<void> {
    const { clock, script } = this.#world;
    const ms = script.stageMs?.[status];
    const isEnding = status === "finalizing" || status === "cancelling";
    const { signal } = isEnding ? this.#closing : this.#halt;
    if (ms !== undefined) await this.#wait(waitFor(clock, ms, signal));
  }

  async #wait<Value>(waiting: Promise<Value>): Promise<Value> {
    this.#isWaiting = true;
    try {
      return await waiting;
    } finally {
      this.#isWaiting = false;
    }
  }

  get #paths(): BatchPaths {
    const { batches, files } = this.#world;
    const { outputFileId, errorFileId } = this.#record;
    return {
      requests: batches.inputPathOf(this.#id),
      output: files.pathOf(outputFileId),
      errors: files.pathOf(errorFileId),
    };
  }

  get #counts(): ReturnType<BatchProgress["toFields"]> {
    return this.#progress.toFields(this.#record.object.request_counts);
  }

  /** At its end a batch needs no input any more. */
  async #removeInput(): Promise<void> {
    if (isAtEnd(this.#record.object)) await removeFile(this.#paths.requests);
  }
}

/** What nobody foresaw is named, but not quoted. */
function describeCause(error: unknown): string {
  if (error instanceof OpenbatchError) return error.message;
  return `Unexpected ${error instanceof Error ? error.name : typeof error}.`;
}
