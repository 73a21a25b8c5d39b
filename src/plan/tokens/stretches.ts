/** Whole lines of a file, as many as are counted at once. */
export interface Stretch {
  /** Where its first request begins, and the byte after its last line. */
  readonly start: number;
  readonly end: number;
  /** The line of its first request. */
  readonly firstLine: number;
}

const stretchBytes = 65_536;
/** So that a file of any length has a bounded number. */
const maxStretches = 65_536;

/** Cuts a file into stretches while its requests are read from the first to the last. */
export class Stretches {
  #begun: Pick<Stretch, "start" | "firstLine">[] = [];
  #bytes = stretchBytes;
  #next = 0;

  add(line: number, offset: number): void {
    if (offset < this.#next) return;
    this.#begun.push({ start: offset, firstLine: line });
    if (this.#begun.length >= maxStretches) this.#join();
    this.#next = offset + this.#bytes;
  }

  /** @param fileBytes where the last stretch ends. */
  list(fileBytes: number): Stretch[] {
    return this.#begun.map((stretch, index) => ({
      ...stretch,
      end: this.#begun[index + 1]?.start ?? fileBytes,
    }));
  }

  #join(): void {
    this.#begun = this.#begun.filter((_stretch, index) => index % 2 === 0);
    this.#bytes *= 2;
  }
}
