import { hashKey } from "../../jsonl/index.js";

/** Where ids stand, and their hashes, as plain data that can be sent to another thread. */
export interface IdColumnsSnapshot {
  readonly hashes: Uint32Array<ArrayBuffer>;
  readonly lines: Uint32Array<ArrayBuffer>;
  readonly offsets: Float64Array<ArrayBuffer>;
}

/** Gathers the ids of a stretch of lines in 16 bytes each, to be compared with those of other stretches later. */
export class IdColumns {
  #hashes = new Uint32Array(4096);
  #lines = new Uint32Array(4096);
  #offsets = new Float64Array(4096);
  #length = 0;

  add(id: string, line: number, offset: number): void {
    if (this.#length === this.#hashes.length) this.#grow();
    this.#hashes[this.#length] = hashKey(id);
    this.#lines[this.#length] = line;
    this.#offsets[this.#length] = offset;
    this.#length += 1;
  }

  /** Forgets all ids, and keeps the room for as many. */
  clear(): void {
    this.#length = 0;
  }

  snapshot(): IdColumnsSnapshot {
    return {
      hashes: this.#hashes.slice(0, this.#length),
      lines: this.#lines.slice(0, this.#length),
      offsets: this.#offsets.slice(0, this.#length),
    };
  }

  #grow(): void {
    const length = this.#length * 2;
    const [hashes, lines, offsets] = [this.#hashes, this.#lines, this.#offsets];
    this.#hashes = new Uint32Array(length);
    this.#hashes.set(hashes);
    this.#lines = new Uint32Array(length);
    this.#lines.set(lines);
    this.#offsets = new Float64Array(length);
    this.#offsets.set(offsets);
  }
}
