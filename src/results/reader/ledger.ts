import type { FoundId } from "../../batch-file/index.js";
import { HashIndex } from "../../jsonl/index.js";
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
/** Offsets are kept as two numbers, of which the low one is below this. The high ones, of 16 bits, share a number. */
const lowRange = 2 ** 32;

/** Where in a record each number stands; a place takes three of them, and a half of the one with the high parts of offsets. */
const idField = 0;
/** In the low half what is asked for, in the high one the note. */
const askedField = 1;
const highField = 2;
const keyPlaceField = 3;
const resultPlaceField = 6;
const fieldCount = 9;

/** Where in a record of a line that was not taken each number stands. */
const untakenPlaceField = 0;
const untakenHighField = 3;
const nextField = 4;
const untakenFieldCount = 5;

/** Two numbers of 16 bits in one. */
const [lowHalf, highHalf] = [0, 16];
type Half = typeof lowHalf | typeof highHalf;

/**
 * An entry for each request, in the order of the batch file; or, without one, for each result in the order in which it was
 * found. Holds where the lines stand, in about 50 bytes an entry, whatever they hold, and the ids as far as 16 MiB go.
 */
export class Ledger {
  readonly #entries: HashIndex<FoundId>;
  readonly #ids = new KeptIds();
  readonly #records = new Records(fieldCount);
  /** The lines that other lines of the same request were taken before, each with the number of the next. */
  readonly #untaken = new Records(untakenFieldCount);
  /** The number of the first of them, for each entry up to the last that has one. */
  readonly #firstUntaken = new Records(1);
  readonly #asked: Asked[] = [nothingAsked];
  #lastAsked = notKept;

  /** @param hasId looks whether the line that an entry was added with has an id. */
  constructor(hasId: (entry: number, custom_id: string) => boolean) {
    this.#entries = new HashIndex((id, entry) => this.isKept(entry, id) ?? hasId(entry, id.text));
  }

  get size(): number {
    return this.#records.length;
  }

  find(id: FoundId): number | undefined {
    return this.#entries.find(id, id.hash);
  }

  /** Makes room for so many ids in all, which is faster at once than bit by bit. */
  reserve(count: number): void {
    this.#entries.reserve(count);
  }

  /** Whether an entry has this id; `undefined` where only its line can tell. */
  isKept(entry: number, id: FoundId): boolean | undefined {
    return this.#ids.isAt(this.#records.get(entry, idField), id);
  }

  /** Adds an id that is not there yet, with the line that has it. Gives its entry. */
  add(id: FoundId, place: LinePlace, asked: Asked): number {
    this.#entries.add(id.hash);
    const entry = this.#records.add();
    this.#records.set(entry, idField, this.#ids.keep(id));
    setHalf(this.#records, entry, askedField, lowHalf, this.#keepAsked(asked));
    setPlace(this.#records, entry, keyPlace, place);
    return entry;
  }

  /** The line that an entry was added with. */
  keyPlaceOf(entry: number): LinePlace {
    return placeAt(this.#records, entry, keyPlace);
  }

  /** What the request asks for; `undefined` if that has to be read again. */
  askedOf(entry: number): Asked | undefined {
    const number = halfOf(this.#records, entry, askedField, lowHalf);
    return number === notKept ? undefined : this.#asked[number];
  }

  /** The line with the result. */
  resultPlaceOf(entry: number): LinePlace | undefined {
    const place = placeAt(this.#records, entry, resultPlace);
    return place.line === 0 ? undefined : place;
  }

  /** Bytes of the line with the result; 0 where there is none. */
  resultLengthOf(entry: number): number {
    return this.#records.get(entry, resultPlaceField + 1);
  }

  setResultPlace(entry: number, place: LinePlace): void {
    setPlace(this.#records, entry, resultPlace, place);
  }

  /** Keeps a line of the request that is not the one with its result. */
  addUntaken(entry: number, place: LinePlace): void {
    const index = this.#untaken.add();
    setPlace(this.#untaken, index, untakenPlace, place);
    this.#untaken.set(index, nextField, this.#firstUntaken.get(entry, 0));
    while (this.#firstUntaken.length <= entry) this.#firstUntaken.add();
    this.#firstUntaken.set(entry, 0, index + 1);
  }

  /** The lines of the request beside the one with its result. */
  untakenOf(entry: number): readonly LinePlace[] {
    let number = this.#firstUntaken.get(entry, 0);
    if (number === 0) return noPlaces;
    const places: LinePlace[] = [];
    for (; number !== 0; number = this.#untaken.get(number - 1, nextField))
      places.push(placeAt(this.#untaken, number - 1, untakenPlace));
    return places;
  }

  /** What was noted of the result of an entry: a small number, 0 if nothing was. */
  noteOf(entry: number): number {
    return halfOf(this.#records, entry, askedField, highHalf);
  }

  setNote(entry: number, note: number): void {
    setHalf(this.#records, entry, askedField, highHalf, note);
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

/** Where in a record a place stands. */
interface PlaceFields {
  /** The line; its length and the low part of the offset follow. */
  readonly first: number;
  readonly high: number;
  readonly half: Half;
}

const keyPlace: PlaceFields = { first: keyPlaceField, high: highField, half: lowHalf };
const resultPlace: PlaceFields = { first: resultPlaceField, high: highField, half: highHalf };
const untakenPlace: PlaceFields = { first: untakenPlaceField, high: untakenHighField, half: lowHalf };

function placeAt(records: Records, index: number, { first, high, half }: PlaceFields): LinePlace {
  const offset = halfOf(records, index, high, half) * lowRange + records.get(index, first + 2);
  return { offset, length: records.get(index, first + 1), line: records.get(index, first) };
}

function setPlace(
  records: Records,
  index: number,
  { first, high, half }: PlaceFields,
  { offset, length, line }: LinePlace,
): void {
  records.set(index, first, line);
  records.set(index, first + 1, length);
  records.set(index, first + 2, offset % lowRange);
  setHalf(records, index, high, half, Math.floor(offset / lowRange));
}

function halfOf(records: Records, index: number, field: number, half: Half): number {
  return (records.get(index, field) >>> half) & 0xffff;
}

function setHalf(records: Records, index: number, field: number, half: Half, value: number): void {
  const other = records.get(index, field) & (0xffff << (highHalf - half));
  records.set(index, field, (other | (value << half)) >>> 0);
}

function isSame(one: Asked, other: Asked): boolean {
  return (
    one.url === other.url &&
    one.format === other.format &&
    one.items?.count === other.items?.count &&
    one.items?.dimensions === other.items?.dimensions
  );
}
