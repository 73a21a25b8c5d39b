import { setImmediate } from "node:timers/promises";
import type { ResultsProgress } from "./read-results-options.js";

/** That of the process: a global is a getter, and this is asked at each result. */
const { performance } = globalThis;

/** So many bytes are read before the rest of the process has its turn. */
const bytesAtOnce = 262_144;
/** What a result costs beside the reading of its line, in bytes. */
const bytesPerResult = 256;
/** Or for so long, where answers take long to be checked. */
const msAtOnce = 100;

export interface ReadingPaceOptions {
  readonly totalBytes: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ResultsProgress) => void) | undefined;
}

/** Reading blocks; now and then it lets the rest of the process have its turn, tells how far it is, and looks at the signal. */
export class ReadingPace {
  readonly #options: ReadingPaceOptions;
  #results = 0;
  #bytes = 0;
  #sincePause = 0;
  #pausedAt = performance.now();

  constructor(options: ReadingPaceOptions, bytes = 0) {
    this.#options = options;
    this.#bytes = bytes;
  }

  /** A pace for what follows on what was read so far; it may follow several times. */
  goOn(): ReadingPace {
    return new ReadingPace(this.#options, this.#bytes);
  }

  /** Whether it is time for a {@link pause}. */
  get isDue(): boolean {
    return this.#sincePause >= bytesAtOnce || performance.now() - this.#pausedAt >= msAtOnce;
  }

  get isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  addBytes(count: number): void {
    this.#bytes += count;
    this.#sincePause += count;
  }

  /** Counts a result that was made of a line of so many bytes. */
  addResult(lineBytes: number): void {
    this.#results += 1;
    this.#bytes += lineBytes;
    this.#sincePause += lineBytes + bytesPerResult;
  }

  async pause(): Promise<void> {
    this.#sincePause = 0;
    await setImmediate();
    this.#pausedAt = performance.now();
    this.throwIfAborted();
    this.report();
  }

  throwIfAborted(): void {
    this.#options.signal?.throwIfAborted();
  }

  /** Tells how far the reading is. */
  report(): void {
    const { totalBytes, onProgress } = this.#options;
    onProgress?.({ results: this.#results, bytes: this.#bytes, totalBytes });
  }
}
