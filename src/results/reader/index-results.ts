import { LineWalker, type LineWindows, toHeadKind } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { OpenFile } from "../../files/index.js";
import { nothingAsked } from "../answer/asked.js";
import { noteLine, worthOf } from "../answer/result-status.js";
import type { Ledger, LinePlace } from "./ledger.js";
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
  /** Called with each entry whose first result is found. */
  readonly onFound?: ((entry: number) => void) | undefined;
}

/** Finds the line of each result, and those lines that belong to none. */
export class ResultsIndex {
  readonly #options: ResultsIndexOptions;
  readonly #ids = new ResultIdReader();

  constructor(options: ResultsIndexOptions) {
    this.#options = options;
  }

  /** @throws OpenbatchError `not_a_results_file` for a file that holds nothing but requests. */
  async build(): Promise<void> {
    for (const index of this.#options.files.keys()) await this.#indexFile(index);
  }

  async #indexFile(index: number): Promise<void> {
    const { files, pace } = this.#options;
    const file = files[index];
    if (file === undefined) return;
    const lines = new LineWalker(file);
    let holds: "nothing" | "requests" | "others" = "nothing";
    for (let position = 0; lines.fill(); position = lines.position) {
      while (lines.next()) {
        if (lines.isBlank) continue;
        if (holds !== "others") holds = isRequest(lines) ? "requests" : "others";
        this.#indexLine(index, file.name, lines);
      }
      pace.addBytes(lines.position - position);
      if (pace.isDue) await pace.pause();
    }
    if (holds === "requests") throw toBatchFileError(file.name);
  }

  #indexLine(index: number, file: string, lines: LineWalker): void {
    const { ledger, hasRequests, windows, strays } = this.#options;
    const { number: line, length } = lines;
    const custom_id = this.#ids.read(lines.buffer, lines.start, lines.end);
    if (custom_id === undefined) return strays.add({ file, line, ...this.#ids.fault });
    const place = { offset: windows.baseOf(index) + lines.offset, length, line };
    const entry =
      ledger.find(custom_id) ?? (hasRequests ? undefined : ledger.add(custom_id, place, nothingAsked));
    if (entry === undefined) return strays.add({ file, line, kind: "no_request", custom_id });
    const before = ledger.resultPlaceOf(entry);
    if (before === undefined) this.#take(entry, place, lines);
    else this.#compare(entry, { custom_id, before, place }, lines);
  }

  #take(entry: number, place: LinePlace, { buffer, start, end }: LineWalker): void {
    const { ledger, notesAll, onFound } = this.#options;
    ledger.setResultPlace(entry, place);
    if (notesAll) ledger.setNote(entry, noteLine(buffer, start, end));
    onFound?.(entry);
  }

  /** A second line for the same id: one of the two becomes a stray. */
  #compare(entry: number, { custom_id, before, place }: Rivals, { buffer, start, end }: LineWalker): void {
    const { ledger } = this.#options;
    const note = noteLine(buffer, start, end);
    const noteBefore = ledger.noteOf(entry) || this.#noteAt(before);
    const isTaken = worthOf(note) >= worthOf(noteBefore);
    ledger.setNote(entry, isTaken ? note : noteBefore);
    if (isTaken) ledger.setResultPlace(entry, place);
    this.#addDuplicate(isTaken ? before : place, custom_id);
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

interface Rivals {
  readonly custom_id: string;
  readonly before: LinePlace;
  readonly place: LinePlace;
}

function isRequest({ buffer, start, end }: LineWalker): boolean {
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
