const maxLoad = 0.7;
const growth = 1.5;
const hashRange = 2 ** 32;

/**
 * Which entries have which hash, in 12 to 17 bytes an entry. Entries are numbered from 0, in the order in which they were
 * added; what they stand for is held by others.
 */
export class HashIndex<Key = string> {
  readonly #isKeyOf: (key: Key, entry: number) => boolean;
  #size = 0;
  /** Pairs of a hash and an entry number + 1, in the order of hashes or at the next free pair after that; 0 is a free pair. */
  #slots = new Uint32Array(2 * 1024);

  /** @param isKeyOf looks whether an entry was added for a key, to tell equal keys from equal hashes. */
  constructor(isKeyOf: (key: Key, entry: number) => boolean) {
    this.#isKeyOf = isKeyOf;
  }

  get size(): number {
    return this.#size;
  }

  /** The entry that was added for a key. */
  find(key: Key, hash: number): number | undefined {
    const slots = this.#slots;
    for (let slot = firstSlot(slots, hash); ; slot = nextSlot(slots, slot)) {
      const entry = slots[slot + 1] ?? 0;
      if (entry === 0) return undefined;
      if (slots[slot] === hash && this.#isKeyOf(key, entry - 1)) return entry - 1;
    }
  }

  /** Whether an entry with this hash was added; it may be of another key. */
  hasHash(hash: number): boolean {
    const slots = this.#slots;
    for (let slot = firstSlot(slots, hash); slots[slot + 1] !== 0; slot = nextSlot(slots, slot)) {
      if (slots[slot] === hash) return true;
    }
    return false;
  }

  /**
   * Fetches from memory what will be looked at for the first of these hashes. To do so for many at once is several times faster
   * than to wait for each, since the processor need not know one to fetch the next.
   */
  fetch(hashes: Uint32Array, count = hashes.length): number {
    const slots = this.#slots;
    let fetched = 0;
    for (let index = 0; index < count; index += 1) {
      fetched ^= slots[firstSlot(slots, hashes[index] ?? 0)] ?? 0;
    }
    return fetched;
  }

  /** Adds an entry for a key that has none yet, by its hash. Gives the entry. */
  add(hash: number): number {
    const entry = this.#size;
    this.#size += 1;
    this.reserve(this.#size);
    occupy(this.#slots, hash, this.#size);
    return entry;
  }

  /**
   * The entry that was added with a hash before all others with it; none where there is none. It may be of another key: whoever knows
   * keys better than by what this was made with looks for itself.
   */
  firstWith(hash: number): number | undefined {
    const slots = this.#slots;
    let slot = firstSlot(slots, hash);
    while (slots[slot + 1] !== 0 && slots[slot] !== hash) slot = nextSlot(slots, slot);
    const entry = slots[slot + 1] ?? 0;
    return entry === 0 ? undefined : entry - 1;
  }

  /** Adds an entry for a key by its hash, unless there is one with this hash, be it of another key. Whether it was added. */
  addNew(hash: number): boolean {
    this.reserve(this.#size + 1);
    const slots = this.#slots;
    let slot = firstSlot(slots, hash);
    while (slots[slot + 1] !== 0) {
      if (slots[slot] === hash) return false;
      slot = nextSlot(slots, slot);
    }
    this.#size += 1;
    slots[slot] = hash;
    slots[slot + 1] = this.#size;
    return true;
  }

  /** Makes room for so many entries in all, which is faster at once than bit by bit. */
  reserve(count: number): void {
    const pairs = this.#slots.length / 2;
    if (count > pairs * maxLoad) this.#growTo(Math.ceil(Math.max(count / maxLoad, pairs * growth)));
  }

  #growTo(pairs: number): void {
    const before = this.#slots;
    const slots = new Uint32Array(2 * pairs);
    for (let slot = 0; slot < before.length; slot += 2) {
      const entry = before[slot + 1] ?? 0;
      if (entry !== 0) occupy(slots, before[slot] ?? 0, entry);
    }
    this.#slots = slots;
  }
}

function occupy(slots: Uint32Array, hash: number, entry: number): void {
  let slot = firstSlot(slots, hash);
  while (slots[slot + 1] !== 0) slot = nextSlot(slots, slot);
  slots[slot] = hash;
  slots[slot + 1] = entry;
}

/** As far from the first pair as the hash is from 0: for any number of pairs, and a larger table is filled in its order. */
function firstSlot(slots: Uint32Array, hash: number): number {
  return Math.floor((hash * (slots.length / 2)) / hashRange) * 2;
}

function nextSlot(slots: Uint32Array, slot: number): number {
  return slot + 2 < slots.length ? slot + 2 : 0;
}

/** A 32-bit hash of a key: FNV-1a over its UTF-16 units, mixed as MurmurHash3 does at its end. */
export function hashKey(key: string): number {
  let hash = hashStart;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), hashFactor);
  }
  return mix(hash);
}

/** The same hash of a key that stands in bytes, each of which is a character. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = hashStart;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), hashFactor);
  return mix(hash);
}

const hashStart = 0x811c9dc5;
const hashFactor = 0x01000193;

function mix(last: number): number {
  let hash = last;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
