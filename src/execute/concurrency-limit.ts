/** How many attempts may be under way at once. */
export class ConcurrencyLimit {
  #limit: number;

  constructor(fixed: number | undefined) {
    this.#limit = fixed ?? 64;
  }

  get current(): number {
    return this.#limit;
  }
}
