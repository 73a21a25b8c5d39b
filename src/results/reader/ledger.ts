import { HashIndex, hashKey } from "../../jsonl/index.js";
import { type Asked, nothingAsked } from "../answer/asked.js";
import { KeptIds } from "./kept-ids.js";
import { Records } from "./records.js";

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
/** Offsets are kept as two numbers, of which the low one is below this. */
const lowRange = 2 ** 32;

/** Where in a record each number stands; a place takes four of them. */
const idField = 0;
const askedField = 1;
const noteField = 2;
const keyPlaceField = 3;
const resultPlaceField = 7;
const fieldCount = 11;

/**
 * An entry for each request, in the order of the batch file; or, without one, for each result in the order in which it was
 * found. Holds where the lines stand, in about 60 bytes an entry, whatever they hold, and the ids as far as 16 MiB go.
 */
export class Ledger {
  readonly #entries: HashIndex;
  readonly #ids = new KeptIds();
  readonly #records = new Records(fieldCount);
  readonly #asked: Asked[] = [nothingAsked];
  #lastAsked = notKept;

  /** @param hasId looks whether the line that an entry was added with has an id. */
  constructor(hasId: (entry: number, custom_id: string) => boolean) {
    this.#entries = new HashIndex(
      (custom_id, entry) => this.isKept(entry, custom_id) ?? hasId(entry, custom_id),
    );
  }

  get size(): number {
    return this.#records.length;
  }

  find(custom_id: string): number | undefined {
    return this.#entries.find(custom_id);
  }

  /** Whether an entry has this id; `undefined` where only its line can tell. */
  isKept(entry: number, custom_id: string): boolean | undefined {
    return this.#ids.isAt(this.#records.get(entry, idField), custom_id);
  }

  /** Adds an id that is not there yet, with the line that has it. Gives its entry. */
  add(custom_id: string, place: LinePlace, asked: Asked): number {
    this.#entries.add(hashKey(custom_id));
    const entry = this.#records.add();
    this.#records.set(entry, idField, this.#ids.keep(custom_id));
    this.#records.set(entry, askedField, this.#keepAsked(asked));
    this.#setPlace(entry, keyPlaceField, place);
    return entry;
  }

  /** The line that an entry was added with. */
  keyPlaceOf(entry: number): LinePlace {
    return this.#placeAt(entry, keyPlaceField);
  }

  /** What the request asks for; `undefined` if that has to be read again. */
  askedOf(entry: number): Asked | undefined {
    const number = this.#records.get(entry, askedField);
    return number === notKept ? undefined : this.#asked[number];
  }

  /** The line with the result. */
  resultPlaceOf(entry: number): LinePlace | undefined {
    const place = this.#placeAt(entry, resultPlaceField);
    return place.line === 0 ? undefined : place;
  }

  /** Bytes of the line with the result; 0 where there is none. */
  resultLengthOf(entry: number): number {
    return this.#records.get(entry, resultPlaceField + 1);
  }

  setResultPlace(entry: number, place: LinePlace): void {
    this.#setPlace(entry, resultPlaceField, place);
  }

  /** What was noted of the result of an entry: a small number, 0 if nothing was. */
  noteOf(entry: number): number {
    return this.#records.get(entry, noteField);
  }

  setNote(entry: number, note: number): void {
    this.#records.set(entry, noteField, note);
  }

  #placeAt(entry: number, field: number): LinePlace {
    const records = this.#records;
    const offset = records.get(entry, field + 3) * lowRange + records.get(entry, field + 2);
    return { offset, length: records.get(entry, field + 1), line: records.get(entry, field) };
  }

  #setPlace(entry: number, field: number, { offset, length, line }: LinePlace): void {
    const records = this.#records;
    records.set(entry, field, line);
    records.set(entry, field + 1, length);
    records.set(entry, field + 2, offset % lowRange);
    records.set(entry, field + 3, Math.floor(offset / lowRange));
  }

  #keepAsked(asked: Asked): number {
    if (this.#asked[this.#lastAsked] === asked && this.#lastAsked !== notKept) return this.#lastAsked;
    this.#lastAsked = this.#findAsked(asked) ?? this.#addAsked(asked);
    return this.#lastAsked;
  }

  #findAsked(asked: Asked): number | undefined {
    const found = this.#asked.findIndex((kept, number) => number !== notKept && isSame(kept, asked));
    return found === -1 ? undefined : found;
  }

  #addAsked(asked: Asked): number {
    if (this.#asked.length > maxAsked) return notKept;
    return this.#asked.push(asked) - 1;
  }
}

function isSame(one: Asked, other: Asked): boolean {
  return (
    one.url === other.url &&
    one.format === other.format &&
    one.items?.count === other.items?.count &&
    one.items?.dimensions === other.items?.dimensions
  );
}
