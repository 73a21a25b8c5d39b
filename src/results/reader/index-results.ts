import { type LineBytes, LineWalker, type LineWindows, toHeadKind } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { type OpenFile, toStretch } from "../../files/index.js";
import type { MaybePromise } from "../../format/index.js";
import { nothingAsked } from "../answer/asked.js";
import { noteLine, statusOf, worthOf } from "../answer/result-status.js";
import type { Ledger } from "./ledger.js";
import type { LinePlace } from "./line-places.js";
import type { ReadingPace } from "./reading-pace.js";
import { ResultIdReader } from "./result-id-reader.js";
import type { StrayList } from "./stray-list.js";

export interface ResultsIndexOptions {
  readonly files: readonly OpenFile[];
  readonly windows: LineWindows;
  readonly ledger: Ledger;
  /** Whether the ledger has the entries of all requests; otherwise each result makes one. */
  readonly hasRequests: boolean;
  /** Whether the status of every line is noted; otherwise only where two lines have one id. */
  readonly notesAll: boolean;
  readonly strays: StrayList;
  readonly pace: ReadingPace;
  /** Tells whether the answer in a line is what its request asked for. */
  readonly isUsable: (entry: number, read: () => LineBytes) => MaybePromise<boolean>;
  /** Called with each entry whose first result is found. */
  readonly onFound?: ((entry: number) => void) | undefined;
  /** Called where a result takes the place of one that was found before. */
  readonly onReplaced?: (() => void) | undefined;
}

/** So much of a file was gone through. */
interface Stretch {
  readonly bytes: number;
  readonly lines: number;
}

const nothingRead: Stretch = { bytes: 0, lines: 0 };

/** Finds the line of each result, and those lines that belong to none. */
export class ResultsIndex {
  readonly #options: ResultsIndexOptions;
  readonly #ids = new ResultIdReader();
  /** Of the last file. */
  #read = nothingRead;

  constructor(options: ResultsIndexOptions) {
    this.#options = options;
  }

  /** @throws OpenbatchError `not_a_results_file` for a file that holds nothing but requests. */
  async build(): Promise<void> {
    for (const [index, file] of this.#options.files.entries())
      await this.#indexFile(index, file, nothingRead);
  }

  /** Goes through what has come to the last file, of which so many bytes are there now. It ended with a whole line. */
  async extend(bytes: number): Promise<void> {
    const index = this.#options.files.length - 1;
    const file = this.#options.files[index];
    if (file !== undefined) await this.#indexFile(index, { ...file, bytes }, this.#read);
  }

  async #indexFile(index: number, file: OpenFile, read: Stretch): Promise<void> {
    const { pace } = this.#options;
    const lines = new LineWalker(toStretch(file, read.bytes), { shapes: this.#ids.shapes });
    let holds: "nothing" | "requests" | "others" = read.lines === 0 ? "nothing" : "others";
    for (let position = 0; lines.fill(); position = lines.position) {
      while (lines.next()) {
        if (lines.isBlank) continue;
        if (holds !== "others") holds = isRequest(lines) ? "requests" : "others";
        if (this.#takeRun({ index, file: file.name, read }, lines)) continue;
        const taken = this.#indexLine({ index, file: file.name, read }, lines);
        if (taken instanceof Promise) await taken;
      }
      pace.addBytes(lines.position - position);
      if (pace.isDue) await pace.pause();
    }
    if (holds === "requests") throw toBatchFileError(file.name);
    this.#read = { bytes: file.bytes, lines: read.lines + lines.number };
  }

  /** Takes the line at which a walk stands, and those behind it in a run, as far as they are plain. False where that one is not. */
  #takeRun({ index, read }: FileStretch, lines: LineWalker<number>): boolean {
    const { ledger, hasRequests, notesAll, windows, onFound } = this.#options;
    const { run, runLength: count, shaped, buffer, start } = lines;
    if (shaped === undefined || count === 0 || !hasRequests) return false;
    const offset = windows.baseOf(index) + read.bytes + lines.offset;
    const placed = { run, count, buffer, start, offset, line: read.lines + lines.number };
    const taken = ledger.setRunPlaces(placed, notesAll ? shaped.known : undefined, onFound);
    if (taken > 0) lines.skip(taken - 1);
    return taken > 0;
  }

  #indexLine({ index, file, read }: FileStretch, lines: LineWalker<number>): MaybePromise<void> {
    const { ledger, hasRequests, windows, strays } = this.#options;
    const { length } = lines;
    const line = read.lines + lines.number;
    const id = this.#ids.readWalked(lines);
    if (id === undefined) return strays.add({ file, line, ...this.#ids.fault });
    const place = { offset: windows.baseOf(index) + read.bytes + lines.offset, length, line };
    const entry = ledger.find(id) ?? (hasRequests ? undefined : ledger.add(id, place, nothingAsked));
    if (entry === undefined) return strays.add({ file, line, kind: "no_request", custom_id: id.text });
    const before = ledger.resultPlaceOf(entry);
    if (before !== undefined) return this.#compare(entry, { custom_id: id.text, before, place }, lines);
    this.#take(entry, place, lines);
  }

  #take(entry: number, place: LinePlace, lines: LineWalker<number>): void {
    const { ledger, notesAll, onFound } = this.#options;
    ledger.setResultPlace(entry, place);
    if (notesAll) ledger.setNote(entry, noteOf(lines));
    onFound?.(entry);
  }

  /** A second line for the same id: one of the two becomes a stray. */
  #compare(entry: number, rivals: Rivals, lines: LineWalker<number>): MaybePromise<void> {
    const { ledger, onReplaced } = this.#options;
    const note = noteOf(lines);
    const noteBefore = ledger.noteOf(entry) || this.#noteAt(rivals.before);
    const worth = worthOf(note) - worthOf(noteBefore);
    const settle = (isTaken: boolean): void => {
      ledger.setNote(entry, isTaken ? note : noteBefore);
      if (isTaken) {
        ledger.setResultPlace(entry, rivals.place);
        onReplaced?.();
      }
      const untaken = isTaken ? rivals.before : rivals.place;
      ledger.addUntaken(entry, untaken);
      this.#addDuplicate(untaken, rivals.custom_id);
    };
    if (worth !== 0 || statusOf(note) !== "succeeded") return settle(worth >= 0);
    const isTaken = this.#isBetterAnswer(entry, rivals, lines);
    return isTaken instanceof Promise ? isTaken.then(settle) : settle(isTaken);
  }

  /** Of two answers the later is taken, unless only the earlier can be used. */
  #isBetterAnswer(entry: number, { before }: Rivals, lines: LineWalker<number>): MaybePromise<boolean> {
    const { isUsable, windows } = this.#options;
    const isUsableBefore = () => isUsable(entry, () => windows.read(before.offset, before.length));
    const decide = (isNewUsable: boolean): MaybePromise<boolean> => isNewUsable || negate(isUsableBefore());
    const isNewUsable = isUsable(entry, () => lines);
    return isNewUsable instanceof Promise ? isNewUsable.then(decide) : decide(isNewUsable);
  }

  #noteAt({ offset, length }: LinePlace): number {
    const { buffer, start, end } = this.#options.windows.read(offset, length);
    return noteLine(buffer, start, end);
  }

  #addDuplicate({ offset, line }: LinePlace, custom_id: string): void {
    const { files, windows, strays } = this.#options;
    const file = files[windows.fileAt(offset)]?.name ?? "";
    strays.add({ file, line, kind: "duplicate", custom_id });
  }
}

/** The file that a line is in, and what was gone through of it before. */
interface FileStretch {
  readonly index: number;
  readonly file: string;
  readonly read: Stretch;
}

interface Rivals {
  readonly custom_id: string;
  readonly before: LinePlace;
  readonly place: LinePlace;
}

function noteOf({ shaped, buffer, start, end }: LineWalker<number>): number {
  return shaped?.known ?? noteLine(buffer, start, end);
}

function negate(value: MaybePromise<boolean>): MaybePromise<boolean> {
  return value instanceof Promise ? value.then((given) => !given) : !value;
}

function isRequest({ buffer, start, end }: LineBytes): boolean {
  return toHeadKind(buffer.subarray(start, end)) === "request";
}

function toBatchFileError(name: string): OpenbatchError {
  return new OpenbatchError(
    "not_a_results_file",
    `${name} holds requests, not results: it is a batch file.`,
    {
      hint: "Name it as requests, and the output file and the error file of the batch as results (--results).",
    },
  );
}
