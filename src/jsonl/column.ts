const firstBlockLength = 64;
const blockLength = 65_536;

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * A growing list of numbers that does not copy what it holds, but for the first block. That grows from a few numbers on: so that
 * few take little room, and so that the engine has seen a block grow when it compiles {@link push}, and need not compile it again.
 */
export class Column {
  readonly #type: new (
    length: number,
  ) => Numbers;
  readonly #blocks: Numbers[];
  #last: Numbers;
  #length = 0;
  /** Of all blocks. */
  #capacity = firstBlockLength;

  constructor(type: new (length: number) => Numbers) {
    this.#type = type;
    this.#last = new type(firstBlockLength);
    this.#blocks = [this.#last];
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
    if (this.#length === this.#capacity) this.#extend();
    this.#last[this.#length & (blockLength - 1)] = value;
    this.#length += 1;
  }

  #extend(): void {
    const isFirst = this.#capacity < blockLength;
    const block = new this.#type(isFirst ? this.#capacity * 2 : blockLength);
    if (isFirst) {
      block.set(this.#last);
      this.#blocks.pop();
    }
    this.#blocks.push(block);
    this.#last = block;
    this.#capacity += isFirst ? this.#capacity : blockLength;
  }
}
