/** The pause after the first failure, in milliseconds, and the longest. */
const firstPauseMs = 1000;
const longestPauseMs = 300_000;

/** A cause that does not pass by itself is believed once the pause after it would be as long, in milliseconds. */
const longestHopeMs = 4000;

/** How long a batch waits after failures that are not its own: each time twice as long, until something goes well. */
export class Patience {
  #pauseMs = firstPauseMs;

  /** The pause after one more failure, in milliseconds. */
  takePauseMs(): number {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    return pauseMs;
  }

  /** Something went well. */
  renew(): void {
    this.#pauseMs = firstPauseMs;
  }

  /** Whether a cause may still pass that does not look like it. */
  get hasHope(): boolean {
    return this.#pauseMs < longestHopeMs;
  }
}
