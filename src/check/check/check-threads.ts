import { Worker } from "node:worker_threads";
import { OpenbatchError } from "../../errors/index.js";
import type { ByteRange } from "./byte-range.js";
import type { RangeReply, RangeResult, RangeWorkerData } from "./range-check.js";

/** Checks one range after the other, beside other threads. */
export interface CheckThread {
  readonly check: (range: ByteRange) => Promise<RangeResult>;
}

export type StartWorker = (data: RangeWorkerData) => Worker;

export const startRangeWorker: StartWorker = (workerData) =>
  new Worker(new URL("./range-worker.js", import.meta.url), { workerData });

/** A thread beside the main one. */
export class WorkerThread implements CheckThread {
  readonly #worker: Worker;
  #failure: unknown;
  #settle: ((reply: RangeReply) => void) | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (reply: RangeReply) => this.#take(reply));
    worker.on("messageerror", (error) => this.#fail(error));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", (code) => this.#fail(new Error(`exit code ${code}`)));
  }

  async check(range: ByteRange): Promise<RangeResult> {
    const reply = await new Promise<RangeReply>((resolve) => {
      this.#settle = resolve;
      if (this.#failure !== undefined) resolve({ kind: "failed", error: this.#failure });
      else this.#worker.postMessage(range);
    });
    if (reply.kind === "checked") return reply.result;
    throw new OpenbatchError("unexpected_failure", "A worker thread of the check failed.", {
      hint: "Run it again with one thread: workers: 0 (--workers 0).",
      cause: reply.error,
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(reply: RangeReply): void {
    this.#settle?.(reply);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#take({ kind: "failed", error: this.#failure });
  }
}

/**
 * Checks ranges in several threads at once, and hands their results on in the order of the ranges.
 * A failure anywhere stops all threads; it is thrown when every one has come to rest.
 */
export async function checkInThreads(
  ranges: readonly ByteRange[],
  threads: readonly CheckThread[],
  onResult: (result: RangeResult, range: ByteRange) => Promise<void>,
): Promise<void> {
  const waiting = new Map<number, RangeResult>();
  let nextToCheck = 0;
  let nextToHandOn = 0;
  let handingOn = Promise.resolve();
  let failed = false;

  const handOnInOrder = async (): Promise<void> => {
    for (let result = waiting.get(nextToHandOn); result !== undefined; result = waiting.get(nextToHandOn)) {
      const range = ranges[nextToHandOn];
      waiting.delete(nextToHandOn);
      nextToHandOn += 1;
      if (range !== undefined) await onResult(result, range);
    }
  };
  const run = async (thread: CheckThread): Promise<void> => {
    try {
      for (let range = ranges[nextToCheck]; range !== undefined && !failed; range = ranges[nextToCheck]) {
        const index = nextToCheck;
        nextToCheck += 1;
        waiting.set(index, await thread.check(range));
        handingOn = handingOn.then(handOnInOrder);
        await handingOn;
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const outcomes = await Promise.allSettled(threads.map(run));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
