/** Four numbers a line: where it ends, where its id begins and ends, and the hash of that. */
const lineNumbers = 4;

/** Lines of one shape that stand one behind the other. It stands at one of them; before the first until {@link next} is called. */
export class LineRun {
  #numbers: Uint32Array = new Uint32Array(0);
  #base = 0;
  #at = 0;
  #end = 0;

  /** @param base is to be taken away from each place. */
  take(lines: Uint32Array, count: number, base: number): void {
    this.#end = count * lineNumbers;
    if (this.#numbers.length < this.#end) this.#numbers = new Uint32Array(this.#end);
    // One by one: a run may be of a single line, and to make a view takes longer than that.
    for (let index = 0; index < this.#end; index += 1) this.#numbers[index] = lines[index] ?? 0;
    this.#base = base;
    this.#at = -lineNumbers;
  }

  /** Steps to the next line. False behind the last one. */
  next(): boolean {
    this.#at += lineNumbers;
    return this.#at < this.#end;
  }

  get end(): number {
    return (this.#numbers[this.#at] ?? 0) - this.#base;
  }

  get idStart(): number {
    return (this.#numbers[this.#at + 1] ?? 0) - this.#base;
  }

  get idEnd(): number {
    return (this.#numbers[this.#at + 2] ?? 0) - this.#base;
  }

  /** As `hashKey` makes it of the id. */
  get idHash(): number {
    return this.#numbers[this.#at + 3] ?? 0;
  }
}
