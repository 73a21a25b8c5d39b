/** The upper bounds of what is told apart, in seconds: from an embedding in memory to an answer of ten minutes. */
const bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 600] as const;

/** How many durations there were, by how long they were. */
export class DurationCounts {
  /** The last one is of those beyond every bound. */
  readonly #counts = new Float64Array(bounds.length + 1);
  #sumMs = 0;

  add(ms: number): void {
    let at = 0;
    while (at < bounds.length && ms > (bounds[at] ?? 0) * 1000) at++;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sumMs += ms;
  }

  get sumSeconds(): number {
    return this.#sumMs / 1000;
  }

  /** How many were no longer than each bound; the last one, which is infinite, holds all. */
  list(): readonly { readonly upToSeconds: number; readonly count: number }[] {
    let count = 0;
    return Array.from(this.#counts, (each, index) => {
      count += each;
      return { upToSeconds: bounds[index] ?? Number.POSITIVE_INFINITY, count };
    });
  }
}
