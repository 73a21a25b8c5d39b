import { Column, hashKey, KeyIndex } from "../jsonl/index.js";
import { type Asked, nothingAsked } from "./asked.js";

/** Where a line stands. */
export interface LinePlace {
  /** In bytes, through all files of its kind. */
  readonly offset: number;
  /** Bytes, without the line feed. */
  readonly length: number;
  /** Counted from 1. */
  readonly line: number;
}

/** How many different things that requests ask for are told apart; one that is not is read again from its line. */
const maxAsked = 1000;
const notKept = 0;

/**
 * An entry for each request, in the order of the batch file; or, without one, for each result in the order in which it was
 * found. Holds where the lines stand, in about 50 bytes an entry, whatever they hold.
 */
export class Ledger {
  readonly #keys: KeyIndex;
  readonly #keyLengths = new Column(Uint32Array);
  readonly #askedOf = new Column(Uint16Array);
  readonly #asked: Asked[] = [nothingAsked];
  readonly #offsets = new Column(Float64Array);
  readonly #lengths = new Column(Uint32Array);
  /** 0 where there is no result. */
  readonly #lines = new Column(Uint32Array);
  readonly #notes = new Column(Uint8Array);
  #lastAsked = notKept;
  #sought = "";

  /** @param hasId looks whether the line that an entry was added with has an id. */
  constructor(hasId: (entry: number, custom_id: string) => boolean) {
    this.#keys = new KeyIndex((_place, entry) => (hasId(entry, this.#sought) ? this.#sought : undefined));
  }

  get size(): number {
    return this.#keys.size;
  }

  find(custom_id: string): number | undefined {
    this.#sought = custom_id;
    return this.#keys.findEntry(custom_id);
  }

  /** Adds an id that is not there yet, with the line that has it. Gives its entry. */
  add(custom_id: string, { offset, length, line }: LinePlace, asked: Asked): number {
    this.#keys.add(hashKey(custom_id), { offset, line });
    this.#keyLengths.push(length);
    this.#askedOf.push(this.#keepAsked(asked));
    this.#offsets.push(0);
    this.#lengths.push(0);
    this.#lines.push(0);
    this.#notes.push(0);
    return this.size - 1;
  }

  /** The line that an entry was added with. */
  keyPlaceOf(entry: number): LinePlace {
    const { offset, line } = this.#keys.placeAt(entry);
    return { offset, length: this.#keyLengths.get(entry), line };
  }

  /** What the request asks for; `undefined` if that has to be read again. */
  askedOf(entry: number): Asked | undefined {
    const number = this.#askedOf.get(entry);
    return number === notKept ? undefined : this.#asked[number];
  }

  /** The line with the result. */
  resultPlaceOf(entry: number): LinePlace | undefined {
    const line = this.#lines.get(entry);
    if (line === 0) return undefined;
    return { offset: this.#offsets.get(entry), length: this.#lengths.get(entry), line };
  }

  setResultPlace(entry: number, { offset, length, line }: LinePlace): void {
    this.#offsets.set(entry, offset);
    this.#lengths.set(entry, length);
    this.#lines.set(entry, line);
  }

  /** What was noted of the result of an entry: a small number, 0 if nothing was. */
  noteOf(entry: number): number {
    return this.#notes.get(entry);
  }

  setNote(entry: number, note: number): void {
    this.#notes.set(entry, note);
  }

  #keepAsked(asked: Asked): number {
    if (this.#asked[this.#lastAsked] === asked && this.#lastAsked !== notKept) return this.#lastAsked;
    this.#lastAsked = this.#findAsked(asked) ?? this.#addAsked(asked);
    return this.#lastAsked;
  }

  #findAsked({ url, format }: Asked): number | undefined {
    const found = this.#asked.findIndex(
      (kept, number) => number !== notKept && kept.url === url && kept.format === format,
    );
    return found === -1 ? undefined : found;
  }

  #addAsked(asked: Asked): number {
    if (this.#asked.length > maxAsked) return notKept;
    return this.#asked.push(asked) - 1;
  }
}
