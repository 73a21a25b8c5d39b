import { setTimeout as sleep } from "node:timers/promises";
import { type BatchStatus, isAtEnd } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { BatchChange } from "../store/batch-change.js";
import { removeFile } from "../store/record-folder.js";
import { toBatchEvent } from "../store/server-event.js";
import type { BatchSending } from "./batch-sending.js";
import type { BatchServices } from "./batch-services.js";
import type { BatchSteps } from "./batch-steps.js";
import { BatchUnderWay } from "./batch-under-way.js";

/**
 * Takes one batch from wherever it stands to its end.
 *
 *     validating ──▶ in_progress ──▶ finalizing ──▶ completed, or expired
 *          └───────┬──────┘
 *                  └──▶ failed
 *     each of the three ──▶ cancelling ──▶ cancelled
 *
 * Whoever cancels a batch makes it `cancelling` and halts its life; all other changes of state are made here, each by a step of
 * {@link BatchSteps}. It is the same whether a batch goes on after a pause, or in another process after a kill. What fails for a
 * cause outside the batch is tried again, however long it takes.
 */
export class BatchLife {
  readonly #batch: BatchUnderWay;
  readonly #services: BatchServices;
  readonly #steps: BatchSteps;
  #counting: Promise<void> | undefined;
  #isCounted = false;

  constructor(id: string, services: BatchServices, steps: BatchSteps) {
    this.#batch = new BatchUnderWay(id, services);
    this.#services = services;
    this.#steps = steps;
  }

  /** What of it was answered; `undefined` until what an earlier server did is counted. */
  get counts(): BatchUnderWay["counts"] | undefined {
    return this.#isCounted ? this.#batch.counts : undefined;
  }

  /** Resolves when the {@link counts} are known, or the server closes before. */
  async whenCounted(): Promise<void> {
    await this.#counting;
  }

  get sending(): BatchSending | undefined {
    return this.#batch.sending;
  }

  get isMoving(): boolean {
    return this.#batch.isMoving;
  }

  /** Resolves at the end of the batch, or when the server closes. */
  async run(): Promise<void> {
    const batch = this.#batch;
    const expiryMs = batch.record.object.expires_at * 1000;
    const cancelAlarm = this.#services.clock.wakeAt(expiryMs, () => this.halt());
    try {
      this.#counting = this.#retry(() => this.#countEarlierResults());
      await this.#counting;
      while (!isAtEnd(batch.record.object) && !batch.closing.aborted) {
        await this.#retry(() => this.#step());
      }
    } finally {
      cancelAlarm();
      batch.closeInput();
    }
  }

  /** Sends no more requests: the batch is out of time, or it is `cancelling`. */
  halt(): void {
    this.#batch.halt(this.#services.graceMs);
  }

  /**
   * Leaves the batch for another server to go on with.
   * @param graceMs how long requests in flight may take to be answered, in milliseconds.
   */
  close(graceMs: number): void {
    this.#batch.close(graceMs);
  }

  /** What fails for a cause outside the batch, such as a full disk or a server that is down, is tried again. */
  async #retry(step: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await step();
        this.#batch.patience.renew();
        return;
      } catch (error) {
        if (this.#batch.closing.aborted) return;
        await this.#pause(error);
      }
    }
  }

  async #pause(error: unknown): Promise<void> {
    const { id, patience, halted, closing } = this.#batch;
    const waitMs = patience.takePauseMs();
    this.#services.onEvent({ kind: "waiting", id, message: describeCause(error), waitMs });
    const signal = halted.aborted ? closing : halted;
    await this.#batch.wait(sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined));
  }

  async #countEarlierResults(): Promise<void> {
    const batch = this.#batch;
    if (batch.record.object.status !== "validating") {
      const leave = await batch.wait(this.#services.readings.enter(batch.halted));
      try {
        if (batch.closing.aborted) return;
        await batch.recount();
      } finally {
        leave();
      }
    }
    this.#isCounted = true;
  }

  async #step(): Promise<void> {
    const { status } = this.#batch.record.object;
    const change = await this.#takeStep(status);
    if (change === undefined) return;
    await this.#change(status, change);
    const { record, paths } = this.#batch;
    // At its end a batch needs no input any more.
    if (isAtEnd(record.object)) await removeFile(paths.requests);
  }

  async #takeStep(status: BatchStatus): Promise<BatchChange | undefined> {
    const batch = this.#batch;
    switch (status) {
      case "validating":
        return this.#steps.admit(batch, this.#services);
      case "in_progress":
        return this.#steps.send(batch, this.#services);
      case "finalizing":
      case "cancelling":
        await this.#steps.settle(batch, this.#services);
        return batch.closing.aborted ? undefined : this.#steps.publish(batch, this.#services);
      default:
        return undefined;
    }
  }

  /** Changes the batch if it is still in this state: meanwhile it may have been cancelled. */
  async #change(from: BatchStatus, change: BatchChange): Promise<void> {
    const { batches, onEvent } = this.#services;
    const { id } = this.#batch;
    let isChanged = false;
    const { object } = await batches.update(id, (record) => {
      isChanged = record.object.status === from;
      return isChanged ? change : undefined;
    });
    if (isChanged) onEvent(toBatchEvent(object));
  }
}

/** What nobody foresaw is named, but not quoted. */
function describeCause(error: unknown): string {
  if (error instanceof OpenbatchError) return error.ownWords;
  return `Unexpected ${error instanceof Error ? error.name : typeof error}.`;
}
