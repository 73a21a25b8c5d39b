import { setTimeout as sleep } from "node:timers/promises";
import { OpenbatchError } from "../errors/index.js";
import { type Lane, runBatchFile, type SettledRequest, settlePending } from "../execute/index.js";
import { BatchProgress } from "./batch-progress.js";
import { type BatchError, type BatchObject, type BatchRecord, isTerminal } from "./batch-record.js";
import type { BatchChange, BatchStore } from "./batch-store.js";
import { type Clock, waitFor } from "./clock.js";
import { endOfBatch } from "./end-of-batch.js";
import type { FileStore } from "./file-store.js";
import type { Gate } from "./gate.js";
import { modelNotFound } from "./input-validator.js";
import { publishResults, rewriteResults } from "./publish-results.js";
import { removeFile } from "./record-folder.js";
import type { ServerEvent } from "./server-event.js";
import type { ServerScript } from "./server-script.js";
import { tallyResults } from "./tally-results.js";
import {
  type InputVerdict,
  inputForSomethingElse,
  inputNotFound,
  isThere,
  validateInput,
} from "./validate-input.js";

/** What the lives of all batches share. */
export interface BatchSurroundings {
  readonly batches: BatchStore;
  readonly files: FileStore;
  readonly clock: Clock;
  readonly script: ServerScript;
  /** The models that there are; any, where it is undefined. */
  readonly models: ReadonlySet<string> | undefined;
  /** Takes the place of the model that a batch asks for. */
  readonly model: string | undefined;
  /** How long requests in flight may take once a batch is halted, in milliseconds. */
  readonly graceMs: number;
  /** Gives a batch its share of the upstream, for one try. */
  readonly openLane: () => Lane;
  /** How many inputs are read at once. */
  readonly validations: Gate;
  /** How many batches send requests at once. */
  readonly runs: Gate;
  /** What the prompts of a model's batches have in all that are not at their end, but for one of them. */
  readonly enqueuedTokens: (model: string | null, but: BatchLife) => number;
  readonly onEvent: (event: ServerEvent) => void;
}

/** The pause after the first failure that is not the batch's own, in milliseconds, and the longest. */
const firstPauseMs = 1000;
const longestPauseMs = 300_000;

/** How long a batch may get no answer before it is taken to wait for one, in milliseconds. */
const patienceMs = 250;

/**
 * Takes one batch from wherever it stands to its end. Each step leaves what it has done on the disk, and can be done again: it
 * is the same whether a batch goes on after a pause, or in another process after a kill.
 */
export class BatchLife {
  readonly progress = new BatchProgress();
  readonly #id: string;
  readonly #world: BatchSurroundings;
  /** Aborted when no more requests are to be sent: out of time, cancelled, or the server closes. */
  readonly #halt = new AbortController();
  readonly #closing = new AbortController();
  #lane: Lane | undefined;
  #promptTokens = 0;
  #pauseMs = firstPauseMs;
  /** Whether it waits: for the clock, for a place, or for a cause to pass. */
  #isWaiting = false;
  /** When it last got on with its requests, if it is at them. */
  #sendingSince: number | undefined;

  constructor(id: string, world: BatchSurroundings) {
    this.#id = id;
    this.#world = world;
  }

  /** Its prompts, once it was admitted. */
  promptTokensFor(model: string | null): number {
    return this.#record.object.model === model ? this.#promptTokens : 0;
  }

  /** Whether it gets on by itself: it neither waits, nor for answers that have not come for a while. */
  get isMoving(): boolean {
    if (this.#isWaiting) return false;
    if (this.#sendingSince === undefined || this.#halt.signal.aborted) return true;
    return performance.now() - this.#sendingSince < patienceMs;
  }

  /** Resolves at the end of the batch, or when the server closes. */
  async run(): Promise<void> {
    const { clock } = this.#world;
    const cancelAlarm = clock.wakeAt(this.#record.object.expires_at * 1000, () => this.halt());
    try {
      let isCounted = false;
      while (!isTerminal(this.#record) && !this.#closing.signal.aborted) {
        await this.#retryLater(async () => {
          if (!isCounted) await this.#countEarlierResults();
          isCounted = true;
          await this.#step();
        });
      }
    } finally {
      cancelAlarm();
    }
  }

  /** Sends no more requests: the batch is out of time, or it is `cancelling`. */
  halt(): void {
    this.#halt.abort();
    this.#endInFlight(this.#world.graceMs);
  }

  /**
   * Leaves the batch for another server to go on with.
   * @param graceMs how long requests in flight may take to be answered, in milliseconds.
   */
  close(graceMs: number): void {
    this.#closing.abort();
    this.#halt.abort();
    this.#endInFlight(graceMs);
  }

  #endInFlight(graceMs: number): void {
    const lane = this.#lane;
    if (graceMs === 0) lane?.abort();
    else setTimeout(() => lane?.abort(), graceMs).unref();
  }

  get #record(): BatchRecord {
    const record = this.#world.batches.get(this.#id);
    if (record === undefined) throw new TypeError(`There is no batch ${this.#id}.`);
    return record;
  }

  async #step(): Promise<void> {
    const { status } = this.#record.object;
    switch (status) {
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

  /** What fails for a cause outside the batch, such as a full disk or a server that is down, is tried again. */
  async #retryLater(step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.#pauseMs = firstPauseMs;
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const waitMs = this.#pauseMs;
      this.#pauseMs = Math.min(waitMs * 2, longestPauseMs);
      this.#world.onEvent({ kind: "waiting", id: this.#id, message: describeCause(error), waitMs });
      const { signal } = this.#halt.signal.aborted ? this.#closing : this.#halt;
      await this.#wait(sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined));
    }
  }

  async #countEarlierResults(): Promise<void> {
    const { files } = this.#world;
    const { outputFileId, errorFileId, object, promptTokens } = this.#record;
    if (object.status === "validating") return;
    this.#promptTokens = promptTokens;
    await tallyResults(files.pathOf(outputFileId), this.progress);
    await tallyResults(files.pathOf(errorFileId), this.progress);
  }

  async #validate(): Promise<void> {
    await this.#stay("validating");
    const leave = await this.#wait(this.#world.validations.enter(this.#halt.signal));
    try {
      const verdict = await this.#inspectInput();
      if (this.#closing.signal.aborted) return;
      await this.#update("validating", (now) => this.#admit(verdict, now));
    } finally {
      leave();
    }
    if (isTerminal(this.#record)) await this.#removeInput();
  }

  async #inspectInput(): Promise<InputVerdict> {
    const { batches, files, models } = this.#world;
    const { input_file_id, endpoint } = this.#record.object;
    const path = batches.inputPathOf(this.#id);
    if (!(await isThere(path))) return inputNotFound(input_file_id);
    const purpose = files.get(input_file_id)?.purpose ?? "batch";
    if (purpose !== "batch") return inputForSomethingElse(input_file_id, purpose);
    return validateInput(path, { endpoint, models, signal: this.#closing.signal });
  }

  #admit(verdict: InputVerdict, now: number): BatchChange {
    if (verdict.kind === "invalid") return toFailure(verdict.errors, now);
    const { requests, promptTokens } = verdict;
    const model = this.#world.model ?? verdict.model;
    const enqueuedTokens = this.#world.enqueuedTokens(model, this);
    const error = this.#world.script.failBatch?.({ model, promptTokens, enqueuedTokens });
    if (error !== undefined) return toFailure([error], now);
    this.#promptTokens = promptTokens;
    const request_counts = { total: requests, completed: 0, failed: 0 };
    return { promptTokens, object: { status: "in_progress", in_progress_at: now, model, request_counts } };
  }

  async #execute(): Promise<void> {
    const leave = await this.#wait(this.#world.runs.enter(this.#halt.signal));
    try {
      await this.#sendRequests();
    } catch (error) {
      return await this.#failWithoutModel(error);
    } finally {
      leave();
    }
    await this.#stay("in_progress");
    if (this.#closing.signal.aborted) return;
    await this.#update("in_progress", (now) => {
      const { request_counts, usage } = this.#toCounts();
      const { total, completed, failed } = request_counts;
      const object = { status: "finalizing", finalizing_at: now, request_counts, usage } as const;
      return { isExpired: completed + failed < total, object };
    });
  }

  /** Resolves when each request has its result, or when no more are to be sent. Throws why it cannot go on. */
  async #sendRequests(): Promise<void> {
    const { signal } = this.#halt;
    if (signal.aborted) return;
    const { model, openLane } = this.#world;
    this.#lane = openLane();
    this.#sendingSince = performance.now();
    try {
      const { end } = await runBatchFile({
        ...this.#toPaths(),
        lane: this.#lane,
        ...(model === undefined ? {} : { model }),
        onSettled: (settled) => this.#count(settled),
        signal,
      });
      if (end.kind === "stopped") throw end.cause;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#lane.abort();
      this.#lane = undefined;
      this.#sendingSince = undefined;
    }
  }

  /** A model that the upstream does not have fails the batch, as it would have been by the service's validation. */
  async #failWithoutModel(error: unknown): Promise<void> {
    const { completed, failed } = this.#toCounts().request_counts;
    if (!(error instanceof OpenbatchError) || error.code !== "unknown_model" || completed + failed > 0)
      throw error;
    const { model } = this.#record.object;
    await this.#update("in_progress", (now) => {
      const { object } = toFailure([modelNotFound(model ?? "")], now);
      const request_counts = { total: 0, completed: 0, failed: 0 };
      return { object: { ...object, in_progress_at: null, request_counts } };
    });
    await this.#removeInput();
  }

  #count({ succeeded, usage }: SettledRequest): void {
    this.progress.add(succeeded, usage);
    this.#pauseMs = firstPauseMs;
    this.#sendingSince = performance.now();
    const { isOutOfTime } = this.#world.script;
    if (isOutOfTime?.({ ...this.#record.object, ...this.#toCounts() })) this.halt();
  }

  async #finalize(): Promise<void> {
    const { object, isExpired, outputFileId } = this.#record;
    const isCancelled = object.status === "cancelling";
    await this.#stay(object.status);
    if (this.#closing.signal.aborted) return;
    if (object.in_progress_at !== null) await this.#settle(isCancelled, isExpired);
    const { rewriteOutput } = this.#world.script;
    if (rewriteOutput !== undefined)
      await rewriteResults(this.#world.files.pathOf(outputFileId), rewriteOutput);
    const published = await publishResults(this.#record, this.#world.files);
    await this.#update(object.status, (now) => ({
      object: { ...toEnd(isCancelled, isExpired, now), ...published, ...this.#toCounts() },
    }));
    if (isTerminal(this.#record)) await this.#removeInput();
  }

  /** Gives each request that was not executed its line in the error file. */
  async #settle(isCancelled: boolean, isExpired: boolean): Promise<void> {
    if (!isCancelled && !isExpired) return;
    const error = isCancelled ? endOfBatch.cancelled : endOfBatch.expired;
    await settlePending({ ...this.#toPaths(), error, signal: this.#closing.signal });
  }

  /** Changes the batch if it is still in this state: meanwhile it may have been cancelled. */
  async #update(from: BatchObject["status"], change: (now: number) => BatchChange): Promise<void> {
    const { batches, onEvent } = this.#world;
    const { object } = await batches.update(this.#id, (record, now) =>
      record.object.status === from ? change(now) : undefined,
    );
    if (object.status !== from) onEvent({ kind: "batch", id: this.#id, status: object.status });
  }

  /** Stays in a state for as long as a script wants it. */
  async #stay(status: BatchObject["status"]): Promise<void> {
    const { clock, script } = this.#world;
    const ms = script.stageMs?.[status];
    const isEnding = status === "finalizing" || status === "cancelling";
    if (ms !== undefined)
      await this.#wait(waitFor(clock, ms, (isEnding ? this.#closing : this.#halt).signal));
  }

  async #wait<Value>(waiting: Promise<Value>): Promise<Value> {
    this.#isWaiting = true;
    try {
      return await waiting;
    } finally {
      this.#isWaiting = false;
    }
  }

  #toPaths(): { readonly requests: string; readonly output: string; readonly errors: string } {
    const { batches, files } = this.#world;
    const { outputFileId, errorFileId } = this.#record;
    return {
      requests: batches.inputPathOf(this.#id),
      output: files.pathOf(outputFileId),
      errors: files.pathOf(errorFileId),
    };
  }

  #toCounts(): Pick<BatchObject, "request_counts" | "usage"> {
    return this.progress.toFields(this.#record.object.request_counts);
  }

  async #removeInput(): Promise<void> {
    await removeFile(this.#world.batches.inputPathOf(this.#id));
  }
}

function toFailure(data: readonly BatchError[], now: number): BatchChange {
  return { object: { status: "failed", failed_at: now, errors: { object: "list", data } } };
}

function toEnd(isCancelled: boolean, isExpired: boolean, now: number): Partial<BatchObject> {
  if (isCancelled) return { status: "cancelled", cancelled_at: now };
  return isExpired ? { status: "expired", expired_at: now } : { status: "completed", completed_at: now };
}

/** What nobody foresaw is named, but not quoted. */
function describeCause(error: unknown): string {
  if (error instanceof OpenbatchError) return error.message;
  return `Unexpected ${error instanceof Error ? error.name : typeof error}.`;
}
