import { totalmem } from "node:os";

const leastBytes = 64 * 1024 * 1024;
/** Of the memory of the machine, or of the container: much else is in it, and each body is there more than once. */
const share = 1 / 16;

/** The memory for bodies that are under way, where nobody says how much it is. */
export function defaultBytesInFlight(): number {
  const constrained = process.constrainedMemory();
  // Where there is no limit, it is 0 or beyond all that there is.
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.max(leastBytes, Math.floor(memory * share));
}

/** An answer that is arriving. */
export interface Arriving {
  /** Takes no more of it off the connection until {@link resume}. */
  pause(): void;
  resume(): void;
}

/**
 * Bounds the memory for answers that arrive at the same time, however many they are and however large: above the bound, all
 * but one wait in the network until others are whole and gone.
 */
export class ReceivedBytes {
  readonly #maxBytes: number;
  #held = 0;
  /** A number, for a set whose members come and go leaves garbage behind. */
  #arriving = 0;
  /** Those of them that wait, the longest first. */
  readonly #waiting = new Set<Arriving>();

  constructor(maxBytes = defaultBytesInFlight()) {
    this.#maxBytes = maxBytes;
  }

  isWaiting(answer: Arriving): boolean {
    return this.#waiting.has(answer);
  }

  /** @param isFirst whether nothing of it was added before. */
  add(answer: Arriving, bytes: number, isFirst: boolean): void {
    this.#held += bytes;
    if (isFirst) this.#arriving++;
    if (this.#held <= this.#maxBytes || this.#isOneLeft || this.#waiting.has(answer)) return;
    this.#waiting.add(answer);
    answer.pause();
  }

  /** An answer is whole, or given up. */
  remove(answer: Arriving, bytes: number): void {
    this.#held -= bytes;
    this.#arriving--;
    if (this.#waiting.size > 0) this.#waiting.delete(answer);
    // Not at once: this is called while a connection is being read, and a parser of HTTP does not enter another.
    if (this.#waiting.size > 0) queueMicrotask(() => this.#resumeWaiting());
  }

  #resumeWaiting(): void {
    for (const next of this.#waiting) {
      const isNoneLeft = this.#arriving === this.#waiting.size;
      if (this.#held > this.#maxBytes && !isNoneLeft) return;
      this.#waiting.delete(next);
      next.resume();
    }
  }

  get #isOneLeft(): boolean {
    return this.#arriving - this.#waiting.size <= 1;
  }
}
