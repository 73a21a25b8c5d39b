import { setImmediate } from "node:timers/promises";

/** How far a file is read before the first request is sent. */
export interface ReadingProgress {
  readonly file: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface ReadingOptions {
  /** Ends the reading; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly onRead?: ((progress: ReadingProgress) => void) | undefined;
}

/** So many bytes are read before the rest of the process has its turn. */
const stretchBytes = 1_048_576;

/** Lets the rest of the process have its turn while a long file is read, and tells how far it is. */
export class FilePace {
  readonly #file: string;
  readonly #totalBytes: number;
  readonly #options: ReadingOptions;
  #next = stretchBytes;

  constructor(file: string, totalBytes: number, options: ReadingOptions) {
    this.#file = file;
    this.#totalBytes = totalBytes;
    this.#options = options;
  }

  /** Whether it is time for a {@link pause}: to wait for nothing takes time too. */
  isDue(position: number): boolean {
    return position >= this.#next;
  }

  async pause(position: number): Promise<void> {
    this.#next = position + stretchBytes;
    this.#options.onRead?.({ file: this.#file, bytes: position, totalBytes: this.#totalBytes });
    await setImmediate();
    this.#options.signal?.throwIfAborted();
  }
}
