/** What was measured at one limit. */
export interface Measure {
  readonly limit: number;
  /** Answers a millisecond. */
  readonly rate: number;
  /** The mean time of an answer, in milliseconds. */
  readonly latency: number;
}

/** Measures throughput over some answers, from the first of an attempt that began in the window. */
export class ThroughputWindow {
  /** The most requests that counted against the limit at once. */
  peak = 0;
  /** Attempts with a higher stamp began in the window. */
  readonly #sentBefore: number;
  /** So many answers are counted. */
  readonly #wanted: number;
  #start: number | undefined;
  #answers = 0;
  #latencySum = 0;

  constructor(sentBefore: number, wanted: number) {
    this.#sentBefore = sentBefore;
    this.#wanted = wanted;
  }

  /** Gives what was measured, once the window is over. */
  add(stamp: number, latencyMs: number, now: number, limit: number): Measure | undefined {
    if (this.#start === undefined) {
      // Before that, what comes is still of the limit before.
      if (stamp > this.#sentBefore) this.#start = now;
      return undefined;
    }
    this.#answers++;
    this.#latencySum += latencyMs;
    if (this.#answers < this.#wanted) return undefined;
    const latency = this.#latencySum / this.#answers;
    const elapsed = now - this.#start;
    // Answers may come in bursts, all at once and then none for a while.
    if (elapsed < latency / 2) return undefined;
    return { limit, rate: this.#answers / Math.max(elapsed, 0.01), latency };
  }
}
