const blockRecords = 4096;

/** A growing list of records, each of so many whole numbers below 2^32, that never copies what it holds. */
export class Records {
  readonly #width: number;
  readonly #blocks: Uint32Array[] = [];
  #length = 0;

  constructor(width: number) {
    this.#width = width;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a record of zeros. Gives its index. */
  add(): number {
    const index = this.#length;
    if (index % blockRecords === 0) this.#blocks.push(new Uint32Array(blockRecords * this.#width));
    this.#length += 1;
    return index;
  }

  get(index: number, field: number): number {
    return this.#blocks[index >>> 12]?.[(index & (blockRecords - 1)) * this.#width + field] ?? 0;
  }

  set(index: number, field: number, value: number): void {
    const block = this.#blocks[index >>> 12];
    if (block !== undefined) block[(index & (blockRecords - 1)) * this.#width + field] = value;
  }
}
