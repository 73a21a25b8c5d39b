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

  /** Resolves with what gives the place back. Once aborted nobody waits: then it is over the number. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.isFull && !signal.aborted) await this.#wait(signal);
    this.#free -= 1;
    return () => this.#leave();
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const goOn = (): void => {
        this.#waiting.delete(goOn);
        signal.removeEventListener("abort", goOn);
        resolve();
      };
      this.#waiting.add(goOn);
      signal.addEventListener("abort", goOn);
    });
  }

  #leave(): void {
    this.#free += 1;
    const [next] = this.#waiting;
    if (this.#free > 0) next?.();
  }
}
