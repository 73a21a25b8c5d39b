import { Column } from "./column.js";

/** Where a key was first seen. */
export interface KeyPlace {
  /** The number of its line, counted from 1. */
  readonly line: number;
  /** Where its line starts, in bytes. */
  readonly offset: number;
}

const maxLoad = 0.7;

/**
 * Which key stands in which line, in about 30 bytes a key however long the keys are: only a hash is held, and a key that
 * seems to be known is read again from its line to be sure.
 */
export class KeyIndex {
  readonly #readKey: (place: KeyPlace, entry: number) => string | undefined;
  readonly #lines = new Column(Uint32Array);
  readonly #offsets = new Column(Float64Array);
  /** Pairs of a hash and an entry number + 1, at the hash or at the next free pair after it; 0 is a free pair. */
  #slots = new Uint32Array(2 * 1024);

  /** @param readKey reads the key of a line that was added, by its place or its number, to tell equal keys from equal hashes. */
  constructor(readKey: (place: KeyPlace, entry: number) => string | undefined) {
    this.#readKey = readKey;
  }

  get size(): number {
    return this.#lines.length;
  }

  find(key: string, hash = hashKey(key)): KeyPlace | undefined {
    const entry = this.findEntry(key, hash);
    return entry === undefined ? undefined : this.placeAt(entry);
  }

  /** The number of a key: keys are numbered from 0, in the order in which they were added. */
  findEntry(key: string, hash = hashKey(key)): number | undefined {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash * 2) & mask; ; slot = (slot + 2) & mask) {
      const entry = slots[slot + 1] ?? 0;
      if (entry === 0) return undefined;
      if (slots[slot] !== hash) continue;
      if (this.#readKey(this.placeAt(entry - 1), entry - 1) === key) return entry - 1;
    }
  }

  /** Where the key with that number was first seen. */
  placeAt(entry: number): KeyPlace {
    return { line: this.#lines.get(entry), offset: this.#offsets.get(entry) };
  }

  /** Whether a key with this hash was added; another key may have the same hash. */
  hasHash(hash: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash * 2) & mask; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      if (slots[slot] === hash) return true;
    }
    return false;
  }

  /**
   * Fetches from memory what {@link hasHash} will look at for these hashes. To do so for many at once is several times faster
   * than to wait for each, since the processor need not know one to fetch the next.
   */
  fetch(hashes: Uint32Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let fetched = 0;
    for (let index = 0; index < hashes.length; index += 1) {
      fetched ^= slots[((hashes[index] ?? 0) * 2) & mask] ?? 0;
    }
    return fetched;
  }

  /** Adds a key that is not in the index yet, by its hash. */
  add(hash: number, place: KeyPlace): void {
    this.#lines.push(place.line);
    this.#offsets.push(place.offset);
    this.reserve(this.size);
    occupy(this.#slots, hash, this.size);
  }

  /** Makes room for so many keys in all, which is faster at once than bit by bit. */
  reserve(count: number): void {
    let length = this.#slots.length;
    while (count > (length / 2) * maxLoad) length *= 2;
    if (length > this.#slots.length) this.#growTo(length);
  }

  #growTo(length: number): void {
    const before = this.#slots;
    const slots = new Uint32Array(length);
    for (let slot = 0; slot < before.length; slot += 2) {
      const entry = before[slot + 1] ?? 0;
      if (entry !== 0) occupy(slots, before[slot] ?? 0, entry);
    }
    this.#slots = slots;
  }
}

function occupy(slots: Uint32Array, hash: number, entry: number): void {
  const mask = slots.length - 1;
  let slot = (hash * 2) & mask;
  while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
  slots[slot] = hash;
  slots[slot + 1] = entry;
}

/** A 32-bit hash of a key: FNV-1a over its UTF-16 units, mixed as MurmurHash3 does at its end. */
export function hashKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
