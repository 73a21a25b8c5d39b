/** Counts names, up to so many different ones. */
export class NameCounts {
  readonly #counts = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  add(name: unknown): void {
    if (typeof name !== "string" || (!this.#counts.has(name) && this.#counts.size >= this.#max)) return;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The most frequent first. */
  toRecord(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([, one], [, other]) => other - one));
  }
}
