/** What keeps requests waiting that could be sent. */
export type HoldingLimit = "concurrency" | "memory" | "rate" | "pause";

/** For how long requests waited, by what kept them: it counts once, however many wait. */
export class HeldTime {
  readonly #ms: Record<HoldingLimit, number> = { concurrency: 0, memory: 0, rate: 0, pause: 0 };
  #limit: HoldingLimit | undefined;
  #since = 0;

  /** From now on requests wait because of this limit; `undefined` where none waits. */
  hold(limit: HoldingLimit | undefined): void {
    // Most often nothing changes, and no clock is asked.
    if (limit === this.#limit) return;
    const now = performance.now();
    if (this.#limit !== undefined) this.#ms[this.#limit] += now - this.#since;
    this.#limit = limit;
    this.#since = now;
  }

  /** In seconds, until now. */
  list(): Readonly<Record<HoldingLimit, number>> {
    const current = this.#limit;
    const ms = { ...this.#ms };
    if (current !== undefined) ms[current] += performance.now() - this.#since;
    const { concurrency, memory, rate, pause } = ms;
    return {
      concurrency: concurrency / 1000,
      memory: memory / 1000,
      rate: rate / 1000,
      pause: pause / 1000,
    };
  }
}
