/** Four numbers a line: where it ends, where its id begins and ends, and the hash of that. */
const lineNumbers = 4;

/**
 * Lines of one shape that stand one behind the other. It stands at one of them; before the first until {@link next} is called. What is
 * told of that line is told of those behind it too: of the one so many lines ahead.
 */
export class LineRun {
  /** Of the ids of all lines, as `hashKey` makes them. */
  hashes: Uint32Array = new Uint32Array(0);
  /** The number of the line at which it stands, and of all. */
  index = 0;
  count = 0;
  #numbers: Uint32Array = new Uint32Array(0);
  #base = 0;

  /** @param base is to be taken away from each place. */
  take(lines: Uint32Array, count: number, base: number): void {
    if (this.hashes.length < count) {
      this.#numbers = new Uint32Array(count * lineNumbers);
      this.hashes = new Uint32Array(count);
    }
    const numbers = this.#numbers;
    // One by one: a run may be of a single line, and to make a view takes longer than that.
    for (let index = 0; index < count * lineNumbers; index += 1) numbers[index] = lines[index] ?? 0;
    for (let index = 0; index < count; index += 1) this.hashes[index] = numbers[index * lineNumbers + 3] ?? 0;
    this.index = -1;
    this.count = count;
    this.#base = base;
  }

  /** Steps to the next line. False behind the last one. */
  next(): boolean {
    return this.skip(1);
  }

  /** Steps so many lines on. False behind the last one. */
  skip(count: number): boolean {
    this.index += count;
    return this.index < this.count;
  }

  endOf(ahead = 0): number {
    return this.#get(ahead, 0) - this.#base;
  }

  idStartOf(ahead = 0): number {
    return this.#get(ahead, 1) - this.#base;
  }

  idEndOf(ahead = 0): number {
    return this.#get(ahead, 2) - this.#base;
  }

  /** The id of the line at which it stands. @param buffer in which the lines are. */
  readId(buffer: Buffer): string {
    return buffer.toString("latin1", this.idStartOf(), this.idEndOf());
  }

  idHashOf(ahead = 0): number {
    return this.hashes[this.index + ahead] ?? 0;
  }

  #get(ahead: number, number: number): number {
    return this.#numbers[(this.index + ahead) * lineNumbers + number] ?? 0;
  }
}
