import { Patience } from "../../serve/index.js";
import { tryStorage } from "../storage/open-storage.js";
import type { SharedStorage } from "../storage/shared-storage.js";

/** A pause for a storage that is away is no longer than that, in milliseconds. */
const longestPauseMs = 60_000;

/** Whether a worker may rely on the storage: what cannot be written would be paid for in vain. */
export class StorageDoubt {
  readonly #storage: SharedStorage;
  readonly #onAway: (error: unknown) => void;
  readonly #patience = new Patience();
  #isDoubted = false;
  #pausedUntil = 0;

  /** @param onAway is told why it cannot be written or read, each time that it is tried. */
  constructor(storage: SharedStorage, onAway: (error: unknown) => void) {
    this.#storage = storage;
    this.#onAway = onAway;
  }

  /** From now on it is tried before it is relied on. */
  doubt(): void {
    this.#isDoubted = true;
  }

  /** Relies on nothing for a while. Gives for how long, in milliseconds. */
  pause(): number {
    const waitMs = Math.min(this.#patience.takePauseMs(), longestPauseMs);
    this.#pausedUntil = performance.now() + waitMs;
    return waitMs;
  }

  /** Something went well. */
  renew(): void {
    this.#patience.renew();
  }

  /** Tries it, where it is in doubt. */
  async isThere(): Promise<boolean> {
    if (performance.now() < this.#pausedUntil) return false;
    if (!this.#isDoubted) return true;
    try {
      await tryStorage(this.#storage);
      this.#isDoubted = false;
      return true;
    } catch (error) {
      this.pause();
      this.#onAway(error);
      return false;
    }
  }
}
