const wordsPerBlock = 16;
const rowsPerBlock = wordsPerBlock * 32;

/** A set of rows, in one bit for each row that there is: also the one at a position is found at once. */
export class RowSet {
  #words = new Uint32Array(1024);
  #count = 0;
  /** How many rows stand before each block. Made anew when it is asked for after a change. */
  #before: Uint32Array | undefined;

  get count(): number {
    return this.#count;
  }

  add(row: number): void {
    const word = row >>> 5;
    if (word >= this.#words.length) this.#grow(word);
    const before = this.#words[word] ?? 0;
    const after = (before | (1 << (row & 31))) >>> 0;
    if (after === before) return;
    this.#words[word] = after;
    this.#count += 1;
    this.#before = undefined;
  }

  has(row: number): boolean {
    return (((this.#words[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  /** The row at a position, from 0. */
  at(position: number): number | undefined {
    if (position < 0 || position >= this.#count) return undefined;
    const before = this.#index();
    let low = 0;
    let high = before.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((before[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    let left = position - (before[low] ?? 0);
    for (let word = low * wordsPerBlock; word < this.#words.length; word += 1) {
      const bits = this.#words[word] ?? 0;
      const found = countBits(bits);
      if (left < found) return word * 32 + bitAt(bits, left);
      left -= found;
    }
    return undefined;
  }

  /** How many of its rows come before a row. */
  positionOf(row: number): number {
    const word = row >>> 5;
    const block = Math.floor(row / rowsPerBlock);
    let position = this.#index()[block] ?? this.#count;
    for (let index = block * wordsPerBlock; index < word; index += 1)
      position += countBits(this.#words[index] ?? 0);
    return position + countBits((this.#words[word] ?? 0) & ((1 << (row & 31)) - 1));
  }

  /** The rows that both have. */
  and(other: RowSet): RowSet {
    const both = new RowSet();
    const length = Math.min(this.#words.length, other.#words.length);
    both.#words = new Uint32Array(length);
    for (let word = 0; word < length; word += 1) {
      const bits = ((this.#words[word] ?? 0) & (other.#words[word] ?? 0)) >>> 0;
      both.#words[word] = bits;
      both.#count += countBits(bits);
    }
    return both;
  }

  #grow(word: number): void {
    const words = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
    words.set(this.#words);
    this.#words = words;
  }

  #index(): Uint32Array {
    if (this.#before !== undefined) return this.#before;
    const before = new Uint32Array(Math.ceil(this.#words.length / wordsPerBlock));
    let count = 0;
    for (let word = 0; word < this.#words.length; word += 1) {
      if (word % wordsPerBlock === 0) before[word / wordsPerBlock] = count;
      count += countBits(this.#words[word] ?? 0);
    }
    this.#before = before;
    return before;
  }
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** The place of the bit at a position among those that are set. */
function bitAt(word: number, position: number): number {
  let bits = word;
  for (let left = position; left > 0; left -= 1) bits &= bits - 1;
  return 31 - Math.clz32(bits & -bits);
}
