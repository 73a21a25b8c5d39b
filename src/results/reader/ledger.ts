import type { FoundId } from "../../batch-file/index.js";
import { HashIndex } from "../../jsonl/index.js";
import { type Asked, nothingAsked } from "../answer/asked.js";
import { KeptIds } from "./kept-ids.js";
import { type LinePlace, LinePlaces } from "./line-places.js";
import { Records } from "./records.js";

/** How many different things that requests ask for are told apart; one that is not is read again from its line. */
const maxAsked = 1000;
const noPlaces: readonly LinePlace[] = [];
const notKept = 0;
/** Instead of the number of a line, which is kept one higher. */
const noLine = 0;

/** Where in a record each number stands: in the low half of this what is asked for, in the high one the note. */
const askedField = 0;
const resultField = 1;
const fieldCount = 2;

/** The same of a line that was not taken. */
const untakenField = 0;
const nextField = 1;
const untakenFieldCount = 2;

/** Two numbers of 16 bits in one. */
const [lowHalf, highHalf] = [0, 16];
type Half = typeof lowHalf | typeof highHalf;

/**
 * An entry for each request, in the order of the batch file; or, without one, for each result in the order in which it was
 * found. Holds where the lines stand, in about 25 bytes an entry, whatever they hold, and the ids as far as 16 MiB go.
 */
export class Ledger {
  readonly #entries: HashIndex<FoundId>;
  /** By entry. Nothing once they are forgotten. */
  #ids: KeptIds | undefined = new KeptIds();
  readonly #records = new Records(fieldCount);
  /** Of the lines that entries were added with, by entry. */
  readonly #keyPlaces = new LinePlaces();
  readonly #resultPlaces = new LinePlaces();
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

  /** Frees the ids that are kept: from now on each is read again from its line. */
  forgetIds(): void {
    this.#ids = undefined;
  }

  /** Whether an entry has this id; `undefined` where only its line can tell. */
  isKept(entry: number, id: FoundId): boolean | undefined {
    return this.#ids?.isAt(entry, id);
  }

  /** Adds an id that is not there yet, with the line that has it. Gives its entry. */
  add(id: FoundId, place: LinePlace, asked: Asked): number {
    this.#entries.add(id.hash);
    const entry = this.#records.add();
    this.#ids?.keep(id);
    setHalf(this.#records, entry, askedField, lowHalf, this.#keepAsked(asked));
    this.#keyPlaces.add(place);
    return entry;
  }

  /** The line that an entry was added with. */
  keyPlaceOf(entry: number): LinePlace {
    return this.#keyPlaces.at(entry);
  }

  /** What the request asks for; `undefined` if that has to be read again. */
  askedOf(entry: number): Asked | undefined {
    const number = halfOf(this.#records, entry, askedField, lowHalf);
    return number === notKept ? undefined : this.#asked[number];
  }

  /** The line with the result. */
  resultPlaceOf(entry: number): LinePlace | undefined {
    const line = this.#records.get(entry, resultField);
    return line === noLine ? undefined : this.#resultPlaces.at(line - 1);
  }

  /** Bytes of the line with the result; 0 where there is none. */
  resultLengthOf(entry: number): number {
    const line = this.#records.get(entry, resultField);
    return line === noLine ? 0 : this.#resultPlaces.lengthAt(line - 1);
  }

  setResultPlace(entry: number, place: LinePlace): void {
    this.#records.set(entry, resultField, this.#resultPlaces.add(place) + 1);
  }

  /** Keeps a line of the request that is not the one with its result. */
  addUntaken(entry: number, place: LinePlace): void {
    const index = this.#untaken.add();
    this.#untaken.set(index, untakenField, this.#resultPlaces.add(place));
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
      places.push(this.#resultPlaces.at(this.#untaken.get(number - 1, untakenField)));
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
