import { setTimeout as sleep } from "node:timers/promises";
import { type BatchObject, isAtEnd } from "../../api/index.js";
import { ApiError } from "../protocol/api-error.js";
import type { BatchParameters, BatchRecord } from "../store/batch-record.js";
import { toBatchEvent } from "../store/server-event.js";
import type { BatchDriver } from "./batch-driver.js";
import { BatchLife } from "./batch-life.js";
import type { BatchSending } from "./batch-sending.js";
import type { BatchServices } from "./batch-services.js";
import type { BatchSteps } from "./batch-steps.js";
import { toCancelling } from "./to-cancelling.js";

/** How often a batch that sends gives its place to one that waits for it, in milliseconds. */
const turnMs = 5000;

/** How long whoever asks for a batch waits until its results are counted, in milliseconds. */
const countingMs = 10_000;

/** Takes every batch to its end, each in a life of its own. */
export class BatchRunner implements BatchDriver {
  readonly #services: BatchServices;
  readonly #steps: BatchSteps;
  readonly #lives = new Map<string, BatchLife>();
  readonly #ends = new Set<Promise<void>>();
  readonly #turns = setInterval(() => this.#passPlaceOn(), turnMs).unref();
  #isClosed = false;

  constructor(services: BatchServices, steps: BatchSteps) {
    this.#services = services;
    this.#steps = steps;
  }

  async countUnfinished(): Promise<number> {
    return this.#lives.size;
  }

  /** Whether a batch is on its way to where it waits for the clock, or for answers that don't come. */
  get isMoving(): boolean {
    return !this.#isClosed && Array.from(this.#lives.values()).some((life) => life.isMoving);
  }

  async create(parameters: BatchParameters): Promise<BatchRecord> {
    const record = await this.#services.batches.create(parameters);
    this.start(record.id);
    return record;
  }

  /** Goes on with a batch from wherever it stands; what comes too late is for the next server. */
  start(id: string): void {
    if (this.#isClosed) return;
    const life = new BatchLife(id, this.#services, this.#steps);
    this.#lives.set(id, life);
    const end = life.run().finally(() => {
      // One that a closing server leaves is shown as far as it came.
      if (!this.#isClosed) this.#lives.delete(id);
      this.#ends.delete(end);
    });
    this.#ends.add(end);
  }

  async show(earlier: BatchRecord): Promise<BatchObject> {
    const { id } = earlier;
    const life = this.#lives.get(id);
    if (life === undefined) return earlier.object;
    if (life.counts === undefined) {
      await Promise.race([life.whenCounted(), sleep(countingMs, undefined, { ref: false })]);
    }
    const record = this.#services.batches.find(id) ?? earlier;
    if (isAtEnd(record.object)) return record.object;
    const { counts } = life;
    if (counts === undefined) throw notCounted(id);
    return { ...record.object, ...counts };
  }

  /** The batch as far as it is known now: until its results are counted, as it was written down last. */
  showNow({ id, object }: BatchRecord): BatchObject {
    return isAtEnd(object) ? object : { ...object, ...this.#lives.get(id)?.counts };
  }

  async cancel(id: string): Promise<BatchRecord> {
    const { batches, onEvent } = this.#services;
    let isNew = false;
    const record = await batches.update(id, (before) => {
      const change = toCancelling(before);
      isNew = change !== undefined;
      return change;
    });
    if (isNew) {
      onEvent(toBatchEvent(record.object));
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
    if (!this.#services.runs.isWanted) return;
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
