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
const noPlaces: readonly LinePlace[] = [];
const notKept = 0;
/** Offsets are kept as two numbers, of which the low one is below this. */
const lowRange = 2 ** 32;

/** Where in a record each number stands; a place takes four of them. */
const idField = 0;
const askedField = 1;
const noteField = 2;
const keyPlaceField = 3;
const resultPlaceField = 7;
const untakenField = 11;
const fieldCount = 12;

/** Where in a record of a line that was not taken each number stands. */
const untakenPlaceField = 0;
const nextField = 4;
const untakenFieldCount = 5;

/**
 * An entry for each request, in the order of the batch file; or, without one, for each result in the order in which it was
 * found. Holds where the lines stand, in about 60 bytes an entry, whatever they hold, and the ids as far as 16 MiB go.
 */
export class Ledger {
  readonly #entries: HashIndex;
  readonly #ids = new KeptIds();
  readonly #records = new Records(fieldCount);
  /** The lines that other lines of the same request were taken before, each with the number of the next. */
  readonly #untaken = new Records(untakenFieldCount);
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
    setPlace(this.#records, entry, keyPlaceField, place);
    return entry;
  }

  /** The line that an entry was added with. */
  keyPlaceOf(entry: number): LinePlace {
    return placeAt(this.#records, entry, keyPlaceField);
  }

  /** What the request asks for; `undefined` if that has to be read again. */
  askedOf(entry: number): Asked | undefined {
    const number = this.#records.get(entry, askedField);
    return number === notKept ? undefined : this.#asked[number];
  }

  /** The line with the result. */
  resultPlaceOf(entry: number): LinePlace | undefined {
    const place = placeAt(this.#records, entry, resultPlaceField);
    return place.line === 0 ? undefined : place;
  }

  /** Bytes of the line with the result; 0 where there is none. */
  resultLengthOf(entry: number): number {
    return this.#records.get(entry, resultPlaceField + 1);
  }

  setResultPlace(entry: number, place: LinePlace): void {
    setPlace(this.#records, entry, resultPlaceField, place);
  }

  /** Keeps a line of the request that is not the one with its result. */
  addUntaken(entry: number, place: LinePlace): void {
    const index = this.#untaken.add();
    setPlace(this.#untaken, index, untakenPlaceField, place);
    this.#untaken.set(index, nextField, this.#records.get(entry, untakenField));
    this.#records.set(entry, untakenField, index + 1);
  }

  /** The lines of the request beside the one with its result. */
  untakenOf(entry: number): readonly LinePlace[] {
    let number = this.#records.get(entry, untakenField);
    if (number === 0) return noPlaces;
    const places: LinePlace[] = [];
    for (; number !== 0; number = this.#untaken.get(number - 1, nextField))
      places.push(placeAt(this.#untaken, number - 1, untakenPlaceField));
    return places;
  }

  /** What was noted of the result of an entry: a small number, 0 if nothing was. */
  noteOf(entry: number): number {
    return this.#records.get(entry, noteField);
  }

  setNote(entry: number, note: number): void {
    this.#records.set(entry, noteField, note);
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

function placeAt(records: Records, index: number, field: number): LinePlace {
  const offset = records.get(index, field + 3) * lowRange + records.get(index, field + 2);
  return { offset, length: records.get(index, field + 1), line: records.get(index, field) };
}

function setPlace(records: Records, index: number, field: number, { offset, length, line }: LinePlace): void {
  records.set(index, field, line);
  records.set(index, field + 1, length);
  records.set(index, field + 2, offset % lowRange);
  records.set(index, field + 3, Math.floor(offset / lowRange));
}

function isSame(one: Asked, other: Asked): boolean {
  return (
    one.url === other.url &&
    one.format === other.format &&
    one.items?.count === other.items?.count &&
    one.items?.dimensions === other.items?.dimensions
  );
}
