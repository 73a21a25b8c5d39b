/** So many reasons are told apart. */
const mostReasons = 20;
const otherReasons = "other reasons";

/** Counts why requests are sent again. */
export class RetryReasons {
  readonly #counts = new Map<string, number>();

  add(reason: string): void {
    const isNew = !this.#counts.has(reason) && this.#counts.size >= mostReasons;
    const name = isNew ? otherReasons : reason;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  list(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
