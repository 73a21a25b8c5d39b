import { FoundId, type LineRun } from "../../batch-file/index.js";
import { Column, HashIndex } from "../../jsonl/index.js";
import { type Asked, nothingAsked } from "../answer/asked.js";
import { KeptIds } from "./kept-ids.js";
import { type LinePlace, LinePlaces } from "./line-places.js";

/** How many different things that requests ask for are told apart; one that is not is read again from its line. */
const maxAsked = 1000;
const noPlaces: readonly LinePlace[] = [];
/** What is needed of so many results is fetched from memory at once, where they are further apart than a processor's cache reaches. */
const fetchedAtOnce = 64;
const near = 4096;
const notKept = 0;
/** Instead of the number of a line, which is kept one higher. */
const noLine = 0;

/** Two numbers of 16 bits in one. */
const [lowHalf, highHalf] = [0, 16];
type Half = typeof lowHalf | typeof highHalf;

/** Lines of a run from the one on at which it stands, each behind the line feed of the one before. */
export interface PlacedRun {
  readonly run: LineRun;
  /** How many they are. */
  readonly count: number;
  /** What they stand in, and where there the first begins. */
  readonly buffer: Buffer;
  readonly start: number;
  /** Where the first stands. */
  readonly offset: number;
  readonly line: number;
}

/**
 * An entry for each request, in the order of the batch file; or, without one, for each result in the order in which it was
 * found. Holds where the lines stand, in about 25 bytes an entry, whatever they hold, and the ids as far as 16 MiB go.
 */
export class Ledger {
  readonly #entries: HashIndex<FoundId>;
  /** By entry. Nothing once they are forgotten. */
  #ids: KeptIds | undefined = new KeptIds();
  /** By entry, in the low half what is asked for, in the high one the note. */
  readonly #askedNotes = new Column(Uint32Array);
  /** By entry, the number of the line with its result. */
  readonly #results = new Column(Uint32Array);
  /** Of the lines that entries were added with, by entry. */
  readonly #keyPlaces = new LinePlaces();
  readonly #resultPlaces = new LinePlaces();
  /** The lines that other lines of the same request were taken before, and of each the number of the next. */
  readonly #untaken = new Column(Uint32Array);
  readonly #nextUntaken = new Column(Uint32Array);
  /** The number of the first of them, for each entry up to the last that has one. */
  readonly #firstUntaken = new Column(Uint32Array);
  readonly #asked: Asked[] = [nothingAsked];
  #lastAsked = notKept;
  readonly #runId = new FoundId();
  /** The entry whose result was asked for last. */
  #last = -1;
  #fetching = new Uint32Array(fetchedAtOnce);
  /** Made of all that was fetched: what nobody keeps, the engine does not fetch. */
  #fetched = 0;

  /** @param hasId looks whether the line that an entry was added with has an id. */
  constructor(hasId: (entry: number, custom_id: string) => boolean) {
    this.#entries = new HashIndex((id, entry) => this.isKept(entry, id) ?? hasId(entry, id.text));
  }

  get size(): number {
    return this.#results.length;
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
    const entry = this.size;
    this.#askedNotes.push(this.#keepAsked(asked));
    this.#results.push(noLine);
    this.#ids?.keep(id);
    this.#keyPlaces.add(place);
    return entry;
  }

  /**
   * Adds the ids of lines one after the other, up to the first that may be there already. Gives how many. In one loop that takes a third of
   * what it takes line by line: it is few functions for V8 to make fast, and what is needed of the index comes from memory at once.
   */
  addRun({ run, count, buffer, start, offset, line }: PlacedRun, asked: Asked): number {
    const number = this.#keepAsked(asked);
    if (run.index === 0) this.#entries.fetch(run.hashes, count);
    const place = { offset, length: 0, line };
    for (let ahead = 0; ahead < count; ahead += 1) {
      if (!this.#entries.addNew(run.idHashOf(ahead))) return ahead;
      this.#askedNotes.push(number);
      this.#results.push(noLine);
      this.#runId.setRun(buffer, run, ahead);
      this.#ids?.keep(this.#runId);
      place.length = run.endOf(ahead) - (start + place.offset - offset);
      this.#keyPlaces.add(place);
      place.offset += place.length + 1;
      place.line += 1;
    }
    return count;
  }

  /**
   * Takes lines one after the other as the results of the entries with their ids, up to the first of which that is not plain: of an id
   * that is not kept, or of an entry that has a result. Gives how many. A note is that of all of them.
   */
  setRunPlaces(
    { run, count, buffer, start, offset, line }: PlacedRun,
    note: number | undefined,
    onTaken: ((entry: number) => void) | undefined,
  ): number {
    const place = { offset, length: 0, line };
    if (run.index === 0) this.#fetchEntries(run.hashes, count);
    for (let ahead = 0; ahead < count; ahead += 1) {
      this.#runId.setRun(buffer, run, ahead);
      const entry = this.#entries.firstWith(this.#runId.hash);
      if (entry === undefined || this.isKept(entry, this.#runId) !== true) return ahead;
      if (this.#results.get(entry) !== noLine) return ahead;
      place.length = run.endOf(ahead) - (start + place.offset - offset);
      this.setResultPlace(entry, place);
      if (note !== undefined) this.setNote(entry, note);
      onTaken?.(entry);
      place.offset += place.length + 1;
      place.line += 1;
    }
    return count;
  }

  /** The line that an entry was added with. */
  keyPlaceOf(entry: number): LinePlace {
    return this.#keyPlaces.at(entry);
  }

  /** What the request asks for; `undefined` if that has to be read again. */
  askedOf(entry: number): Asked | undefined {
    const number = halfOf(this.#askedNotes.get(entry), lowHalf);
    return number === notKept ? undefined : this.#asked[number];
  }

  /** The line with the result. */
  resultPlaceOf(entry: number): LinePlace | undefined {
    if (entry % fetchedAtOnce === 0 && entry === this.#last + 1) this.#fetchPlaces(entry);
    this.#last = entry;
    const line = this.#results.get(entry);
    return line === noLine ? undefined : this.#resultPlaces.at(line - 1);
  }

  /** Bytes of the line with the result; 0 where there is none. */
  resultLengthOf(entry: number): number {
    const line = this.#results.get(entry);
    return line === noLine ? 0 : this.#resultPlaces.lengthAt(line - 1);
  }

  setResultPlace(entry: number, place: LinePlace): void {
    this.#results.set(entry, this.#resultPlaces.add(place) + 1);
  }

  /** Keeps a line of the request that is not the one with its result. */
  addUntaken(entry: number, place: LinePlace): void {
    while (this.#firstUntaken.length <= entry) this.#firstUntaken.push(0);
    this.#untaken.push(this.#resultPlaces.add(place));
    this.#nextUntaken.push(this.#firstUntaken.get(entry));
    this.#firstUntaken.set(entry, this.#untaken.length);
  }

  /** The lines of the request beside the one with its result. */
  untakenOf(entry: number): readonly LinePlace[] {
    if (entry >= this.#firstUntaken.length) return noPlaces;
    let number = this.#firstUntaken.get(entry);
    if (number === 0) return noPlaces;
    const places: LinePlace[] = [];
    for (; number !== 0; number = this.#nextUntaken.get(number - 1))
      places.push(this.#resultPlaces.at(this.#untaken.get(number - 1)));
    return places;
  }

  /** What was noted of the result of an entry: a small number, 0 if nothing was. */
  noteOf(entry: number): number {
    return halfOf(this.#askedNotes.get(entry), highHalf);
  }

  setNote(entry: number, note: number): void {
    this.#askedNotes.set(entry, halfOf(this.#askedNotes.get(entry), lowHalf) + note * 2 ** highHalf);
  }

  /**
   * Fetches from memory what is looked at of the entries with the first of these hashes. Of results in no order each would be waited for
   * several times, one after the other: a quarter of what it takes to open them. Those in order are near each other, and are there anyway.
   */
  #fetchEntries(hashes: Uint32Array, count: number): void {
    const entryAt = (index: number): number => this.#entries.firstWith(hashes[index] ?? 0) ?? 0;
    let fetched = this.#entries.fetch(hashes, count);
    if (Math.abs(entryAt(count - 1) - entryAt(0)) > near) {
      if (this.#fetching.length < count) this.#fetching = new Uint32Array(count);
      for (let index = 0; index < count; index += 1) {
        const entry = entryAt(index);
        this.#fetching[index] = entry;
        fetched ^= this.#results.get(entry);
      }
      fetched ^= this.#ids?.fetch(this.#fetching, count) ?? 0;
    }
    this.#fetched = fetched;
  }

  /** The same of where the lines with the results of the next entries stand. */
  #fetchPlaces(first: number): void {
    const end = Math.min(first + fetchedAtOnce, this.size);
    if (Math.abs(this.#results.get(end - 1) - this.#results.get(first)) <= near) return;
    for (let entry = first; entry < end; entry += 1) {
      const line = this.#results.get(entry);
      if (line !== noLine) this.#fetched ^= this.#resultPlaces.fetch(line - 1);
    }
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

function halfOf(number: number, half: Half): number {
  return (number >>> half) & 0xffff;
}

function isSame(one: Asked, other: Asked): boolean {
  return (
    one.url === other.url &&
    one.format === other.format &&
    one.items?.count === other.items?.count &&
    one.items?.dimensions === other.items?.dimensions
  );
}
