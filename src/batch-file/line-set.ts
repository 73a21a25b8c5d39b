/** A set of line numbers, a bit for each line of a file. */
export class LineSet {
  readonly #bits: Uint8Array;
  #size = 0;

  /** @param lines how many lines the file has. */
  constructor(lines: number) {
    this.#bits = new Uint8Array((lines >>> 3) + 1);
  }

  /** How many lines it holds. */
  get size(): number {
    return this.#size;
  }

  has(line: number): boolean {
    return ((this.#bits[line >>> 3] ?? 0) & (1 << (line & 7))) !== 0;
  }

  /** Ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let line = 1; line < this.#bits.length * 8; line += 1) if (this.has(line)) yield line;
  }

  add(line: number): void {
    if (this.has(line)) return;
    this.#bits[line >>> 3] = (this.#bits[line >>> 3] ?? 0) | (1 << (line & 7));
    this.#size += 1;
  }

  delete(line: number): void {
    if (!this.has(line)) return;
    this.#bits[line >>> 3] = (this.#bits[line >>> 3] ?? 0) & ~(1 << (line & 7));
    this.#size -= 1;
  }
}
