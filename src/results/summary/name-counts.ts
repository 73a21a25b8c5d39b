/** Counts names, up to so many different ones. */
export class NameCounts {
  readonly #counts = new Map<string, number>();
  readonly #max: number;
  #others = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(name: unknown): void {
    if (typeof name !== "string") return;
    if (this.#counts.has(name) || this.#counts.size < this.#max) {
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    } else {
      this.#others += 1;
    }
  }

  /** How often names came beyond those. */
  get others(): number {
    return this.#others;
  }

  /** The most frequent first. */
  toRecord(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([, one], [, other]) => other - one));
  }
}
