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
 * Which key stands in which line, in about 27 bytes a key however long the keys are: only a hash is held, and a key that
 * seems to be known is read again from its line to be sure.
 */
export class KeyIndex {
  readonly #readKey: (place: KeyPlace) => string | undefined;
  readonly #hashes = new Column(Uint32Array);
  readonly #lines = new Column(Uint32Array);
  readonly #offsets = new Column(Float64Array);
  /** Entry number + 1 by hash, with linear probing; 0 is a free slot. */
  #slots = new Uint32Array(1024);

  /** @param readKey reads the key of a line that was added, to tell equal keys from equal hashes. */
  constructor(readKey: (place: KeyPlace) => string | undefined) {
    this.#readKey = readKey;
  }

  get size(): number {
    return this.#hashes.length;
  }

  find(key: string, hash = hashKey(key)): KeyPlace | undefined {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0) return undefined;
      if (this.#hashes.get(entry - 1) !== hash) continue;
      const place = { line: this.#lines.get(entry - 1), offset: this.#offsets.get(entry - 1) };
      if (this.#readKey(place) === key) return place;
    }
  }

  /** Whether a key with this hash was added; another key may have the same hash. */
  hasHash(hash: number): boolean {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0) return false;
      if (this.#hashes.get(entry - 1) === hash) return true;
    }
  }

  /** Adds a key that is not in the index yet, by its hash. */
  add(hash: number, place: KeyPlace): void {
    if (this.size >= this.#slots.length * maxLoad) this.#grow();
    this.#hashes.push(hash);
    this.#lines.push(place.line);
    this.#offsets.push(place.offset);
    this.#occupy(hash, this.size);
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.size; entry += 1) this.#occupy(this.#hashes.get(entry), entry + 1);
  }

  #occupy(hash: number, value: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = value;
  }
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
