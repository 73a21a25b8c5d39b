import { Column } from "./column.js";
import { HashIndex, hashKey } from "./hash-index.js";

/** Where a key was first seen. */
export interface KeyPlace {
  /** The number of its line, counted from 1. */
  readonly line: number;
  /** Where its line starts, in bytes. */
  readonly offset: number;
}

/**
 * Which key stands in which line, in about 30 bytes a key however long the keys are: only a hash is held, and a key that
 * seems to be known is read again from its line to be sure.
 */
export class KeyIndex {
  readonly #entries: HashIndex;
  readonly #lines = new Column(Uint32Array);
  readonly #offsets = new Column(Float64Array);

  /** @param readKey reads the key of a line that was added, to tell equal keys from equal hashes; it may be told which is looked for. */
  constructor(readKey: (place: KeyPlace, wanted: string) => string | undefined) {
    this.#entries = new HashIndex((key, entry) => readKey(this.#placeAt(entry), key) === key);
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: string, hash = hashKey(key)): KeyPlace | undefined {
    const entry = this.#entries.find(key, hash);
    return entry === undefined ? undefined : this.#placeAt(entry);
  }

  /** Whether a key with this hash was added; another key may have the same hash. */
  hasHash(hash: number): boolean {
    return this.#entries.hasHash(hash);
  }

  /** Makes {@link hasHash} faster for these hashes, see {@link HashIndex.fetch}. */
  fetch(hashes: Uint32Array): number {
    return this.#entries.fetch(hashes);
  }

  /** Adds a key that is not in the index yet, by its hash. */
  add(hash: number, { line, offset }: KeyPlace): void {
    this.#lines.push(line);
    this.#offsets.push(offset);
    this.#entries.add(hash);
  }

  /** Makes room for so many keys in all, which is faster at once than bit by bit. */
  reserve(count: number): void {
    this.#entries.reserve(count);
  }

  #placeAt(entry: number): KeyPlace {
    return { line: this.#lines.get(entry), offset: this.#offsets.get(entry) };
  }
}
