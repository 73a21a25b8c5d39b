const blockLength = 65_536;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A growing list of numbers that never copies what it holds. */
export class Column {
  readonly #type: new (
    length: number,
  ) => Numbers;
  readonly #blocks: Numbers[] = [];
  #length = 0;

  constructor(type: new (length: number) => Numbers) {
    this.#type = type;
  }

  get length(): number {
    return this.#length;
  }

  /** The number at an index that is below the length. */
  get(index: number): number {
    return this.#blocks[index >>> 16]?.[index & (blockLength - 1)] ?? 0;
  }

  /** Changes the number at an index that is below the length. */
  set(index: number, value: number): void {
    const block = this.#blocks[index >>> 16];
    if (block !== undefined) block[index & (blockLength - 1)] = value;
  }

  push(value: number): void {
    const within = this.#length & (blockLength - 1);
    if (within === 0) this.#blocks.push(new this.#type(blockLength));
    const block = this.#blocks[this.#length >>> 16];
    if (block !== undefined) block[within] = value;
    this.#length += 1;
  }
}
