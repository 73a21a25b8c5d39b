import { setTimeout as sleep } from "node:timers/promises";
import { type BatchObject, isAtEnd } from "../../api/index.js";
import { ApiError } from "../protocol/api-error.js";
import type { BatchRecord } from "../store/batch-record.js";
import { BatchLife } from "./batch-life.js";
import type { BatchSending } from "./batch-sending.js";
import type { BatchSurroundings } from "./batch-surroundings.js";

/** How often a batch that sends gives its place to one that waits for it, in milliseconds. */
const turnMs = 5000;

/** How long whoever asks for a batch waits until its results are counted, in milliseconds. */
const countingMs = 10_000;

/** Takes every batch to its end, each in a life of its own. */
export class BatchRunner {
  readonly #world: BatchSurroundings;
  readonly #lives = new Map<string, BatchLife>();
  readonly #ends = new Set<Promise<void>>();
  readonly #turns = setInterval(() => this.#passPlaceOn(), turnMs).unref();
  #isClosed = false;

  constructor(world: Omit<BatchSurroundings, "enqueuedTokens">) {
    const enqueuedTokens = (model: string | null, but: string): number =>
      Array.from(this.#lives)
        .filter(([id]) => id !== but)
        .reduce((sum, [, life]) => sum + life.promptTokensFor(model), 0);
    this.#world = { ...world, enqueuedTokens };
  }

  /** How many batches are not at their end. */
  get size(): number {
    return this.#lives.size;
  }

  /** Whether a batch is on its way to where it waits for the clock, or for answers that don't come. */
  get isMoving(): boolean {
    return !this.#isClosed && Array.from(this.#lives.values()).some((life) => life.isMoving);
  }

  /** Goes on with a batch from wherever it stands; what comes too late is for the next server. */
  start(id: string): void {
    if (this.#isClosed) return;
    const life = new BatchLife(id, this.#world);
    this.#lives.set(id, life);
    const end = life.run().finally(() => {
      // One that a closing server leaves is shown as far as it came.
      if (!this.#isClosed) this.#lives.delete(id);
      this.#ends.delete(end);
    });
    this.#ends.add(end);
  }

  /**
   * The batch as it is at this moment.
   * @throws ApiError where its counts are not known yet: whoever asks again and again never sees them go back.
   */
  async show(earlier: BatchRecord): Promise<BatchObject> {
    const { id } = earlier;
    const life = this.#lives.get(id);
    if (life === undefined) return earlier.object;
    if (life.progress === undefined) {
      await Promise.race([life.whenCounted(), sleep(countingMs, undefined, { ref: false })]);
    }
    const record = this.#world.batches.get(id) ?? earlier;
    if (isAtEnd(record.object)) return record.object;
    if (life.progress === undefined) throw notCounted(id);
    return { ...record.object, ...life.progress.toFields(record.object.request_counts) };
  }

  /** @throws ApiError where it is at its end already, but for one that was cancelled. */
  async cancel(id: string): Promise<BatchRecord> {
    const { batches, onEvent } = this.#world;
    let isNew = false;
    const record = await batches.update(id, ({ object }, now) => {
      if (object.status === "cancelling" || object.status === "cancelled") return undefined;
      if (isAtEnd(object)) throw alreadyEnded(object);
      isNew = true;
      return { object: { status: "cancelling", cancelling_at: now } };
    });
    if (isNew) {
      onEvent({ kind: "batch", id, status: record.object.status });
      this.#lives.get(id)?.halt();
    }
    return record;
  }

  /**
   * Leaves every batch as it is, for another server to go on with.
   * @param graceMs how long requests in flight may take to be answered, in milliseconds.
   */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#turns);
    for (const life of this.#lives.values()) life.close(graceMs);
    await Promise.all(this.#ends);
  }

  /** However many large batches there are, those that come later do not wait for their ends. Who has sent longest goes. */
  #passPlaceOn(): void {
    if (!this.#world.runs.isWanted) return;
    let longest: BatchSending | undefined;
    for (const { sending } of this.#lives.values()) {
      if (sending === undefined || sending.isHandedOver) continue;
      if (longest === undefined || sending.startedAt < longest.startedAt) longest = sending;
    }
    longest?.handOver();
  }
}

function notCounted(id: string): ApiError {
  return new ApiError(503, `The results that ${id} has so far are being counted. Please try again.`);
}

function alreadyEnded({ status }: BatchObject): ApiError {
  return new ApiError(409, `Cannot cancel a batch with status '${status}'.`);
}
