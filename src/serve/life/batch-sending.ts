import type { BatchFile } from "../../batch-file/index.js";
import { type Lane, runBatchFile, type SettledRequest } from "../../execute/index.js";

export interface BatchSendingOptions {
  readonly requests: string | BatchFile;
  readonly output: string;
  readonly errors: string;
  /** Takes the place of every request's own model. */
  readonly model: string | undefined;
  /** Sends no more when aborted. */
  readonly signal: AbortSignal;
  readonly onSettled: (settled: SettledRequest) => void;
}

/** How long there may be no answer before a batch is taken to wait for one, in milliseconds. */
const patienceMs = 250;

/** One try to send those requests of a batch that have no result yet. */
export class BatchSending {
  readonly startedAt = performance.now();
  readonly #lane: Lane;
  #isHandedOver = false;
  #lastSettledAt = performance.now();

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  /** Whether answers have not come for a while. */
  get isStalled(): boolean {
    return performance.now() - this.#lastSettledAt > patienceMs;
  }

  /** Whether it was told to {@link handOver}. */
  get isHandedOver(): boolean {
    return this.#isHandedOver;
  }

  /** Sends no more, and ends once what is in flight is answered: another batch has its turn. */
  handOver(): void {
    this.#isHandedOver = true;
    this.#lane.drain();
  }

  /**
   * Resolves with whether each request has its result: not all have one when the signal was aborted, or the lane closed.
   * @throws what keeps the others from having one.
   */
  async run({ model, onSettled, ...rest }: BatchSendingOptions): Promise<boolean> {
    try {
      const { end } = await runBatchFile({
        ...rest,
        ...(model === undefined ? {} : { model }),
        lane: this.#lane,
        onSettled: (settled) => {
          this.#lastSettledAt = performance.now();
          onSettled(settled);
        },
      });
      if (end.kind === "stopped") throw end.cause;
      return end.kind === "completed";
    } catch (error) {
      if (!rest.signal.aborted) throw error;
      return false;
    } finally {
      this.#lane.abort();
    }
  }

  /** Ends what is in flight, once it had so long to be answered. */
  end(graceMs: number): void {
    if (graceMs === 0) this.#lane.abort();
    else setTimeout(() => this.#lane.abort(), graceMs).unref();
  }
}
