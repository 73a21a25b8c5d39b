const blockBytes = 1024 * 1024;

/** Keeps ids in memory back to back, for input that cannot be read a second time. */
export class IdArena {
  readonly #blocks: Buffer[] = [];
  /** Where each block starts. */
  readonly #starts: number[] = [];
  #used = blockBytes;
  #position = 0;

  /** Gives where the id stands, for {@link read}. */
  add(id: string): number {
    // As JSON, so that a lone surrogate stays what it is in UTF-8.
    const text = JSON.stringify(id);
    const bytes = Buffer.byteLength(text) + 1;
    if (this.#used + bytes > (this.#blocks.at(-1)?.length ?? 0)) this.#addBlock(bytes);
    const block = this.#blocks.at(-1) ?? Buffer.alloc(0);
    block.write(text, this.#used);
    block[this.#used + bytes - 1] = 0;
    const position = this.#position + this.#used;
    this.#used += bytes;
    return position;
  }

  read(position: number): string {
    const index = this.#findBlock(position);
    const block = this.#blocks[index] ?? Buffer.alloc(0);
    const start = position - (this.#starts[index] ?? 0);
    return JSON.parse(block.toString("utf8", start, block.indexOf(0, start)));
  }

  #addBlock(bytes: number): void {
    this.#position += this.#blocks.at(-1)?.length ?? 0;
    this.#starts.push(this.#position);
    this.#blocks.push(Buffer.allocUnsafeSlow(Math.max(blockBytes, bytes)));
    this.#used = 0;
  }

  #findBlock(position: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
