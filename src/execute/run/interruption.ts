import type { Lane } from "../upstream/lane.js";

/** What is under way at an interruption may take so long to end. */
const gracePeriodMs = 30_000;

/** Sends nothing more when the signal is aborted, and ends what is under way when it takes too long. */
export class Interruption {
  readonly #lane: Lane;
  readonly #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(lane: Lane, signal: AbortSignal | undefined) {
    this.#lane = lane;
    this.#signal = signal;
    if (signal?.aborted) this.#begin();
    else signal?.addEventListener("abort", this.#begin, { once: true });
  }

  end(): void {
    this.#signal?.removeEventListener("abort", this.#begin);
    clearTimeout(this.#timer);
  }

  readonly #begin = (): void => {
    this.#lane.drain();
    this.#timer = setTimeout(() => this.#lane.abort(), gracePeriodMs);
  };
}
