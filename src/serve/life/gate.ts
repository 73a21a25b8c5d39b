/** Lets so many in at once; the others wait in their order. */
export class Gate {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  get isFull(): boolean {
    return this.#free <= 0;
  }

  /** Whether someone waits. */
  get isWanted(): boolean {
    return this.#waiting.size > 0;
  }

  /** Resolves with what gives the place back. Once aborted nobody waits: then it is over the number. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.isFull && !signal.aborted) await this.#wait(signal);
    else this.#free -= 1;
    return () => this.#leave();
  }

  /** Resolves with a place: one that somebody gave back, or one over the number. */
  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const take = (): void => {
        this.#waiting.delete(take);
        signal.removeEventListener("abort", takeOver);
        resolve();
      };
      const takeOver = (): void => {
        this.#free -= 1;
        take();
      };
      this.#waiting.add(take);
      signal.addEventListener("abort", takeOver);
    });
  }

  /** Who has waited longest gets the place, before anybody who comes now. */
  #leave(): void {
    const [next] = this.#waiting;
    if (this.#free < 0 || next === undefined) this.#free += 1;
    else next();
  }
}
