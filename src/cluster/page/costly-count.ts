/** What takes long is done less often: no more than a twentieth of the time. */
const restFactor = 19;

/** A count that takes as long as there is much: where that is long, it is told for a while as it was. */
export class CostlyCount {
  readonly #count: () => Promise<number>;
  #counting: Promise<number> | undefined;
  #goodUntil = Number.NEGATIVE_INFINITY;

  constructor(count: () => Promise<number>) {
    this.#count = count;
  }

  read(): Promise<number> {
    if (this.#counting !== undefined && performance.now() < this.#goodUntil) return this.#counting;
    const begun = performance.now();
    // Whoever asks meanwhile waits for the same.
    this.#goodUntil = Number.POSITIVE_INFINITY;
    this.#counting = this.#count().finally(() => {
      const end = performance.now();
      this.#goodUntil = end + (end - begun) * restFactor;
    });
    return this.#counting;
  }
}
