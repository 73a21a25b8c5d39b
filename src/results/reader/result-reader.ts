import { FoundId, toLineBytes } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { OpenFile } from "../../files/index.js";
import type { MaybePromise } from "../../format/index.js";
import { Column, lineFeed } from "../../jsonl/index.js";
import { AnswerFormats } from "../answer/answer-formats.js";
import type { Result } from "../answer/result.js";
import { statusOf } from "../answer/result-status.js";
import { EntryLines } from "./entry-lines.js";
import { EntryResults } from "./entry-results.js";
import { indexRequests } from "./index-requests.js";
import { ResultsIndex } from "./index-results.js";
import type { Ledger } from "./ledger.js";
import { type Inputs, openInputs } from "./open-inputs.js";
import type { OpenResultsOptions } from "./read-results-options.js";
import { ReadingPace } from "./reading-pace.js";
import { ResultIterator, type ResultSource } from "./result-iterator.js";
import type { ResultCounts, Stray } from "./results.js";
import { StrayList } from "./stray-list.js";

const tailBytes = 4096;

export interface ResultReaderOptions extends OpenResultsOptions {
  readonly onStray?: ((stray: Stray) => void) | undefined;
  /** Whether to know the status of every result beforehand, for counting them. */
  readonly notesAll: boolean;
}

/** The open files of a batch, gone through once and as far as they grow, and the result of each request in them. */
export class ResultReader implements ResultSource {
  readonly strays: StrayList;
  #inputs: Inputs;
  readonly #lines: EntryLines;
  readonly #results: EntryResults;
  readonly #ledger: Ledger;
  readonly #pace: ReadingPace;
  /** The entries in the order of their results in the files, where that is asked for and is another. Without one, last. */
  readonly #found: Column | undefined;
  #index: ResultsIndex | undefined;
  /** How what was gone through ends: another end is that of another file. */
  #tail = readTail(undefined);
  /** What has come since, while that is gone through. */
  #news: { readonly found: number[]; isReplaced: boolean } | undefined;
  #isClosed = false;

  /** Opens the files and goes through them once. */
  static async open(options: ResultReaderOptions): Promise<ResultReader> {
    const reader = await ResultReader.start(options);
    try {
      await reader.index(options);
      return reader;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** Opens the files: nothing is known of them until they are gone through. */
  static async start(options: ResultReaderOptions): Promise<ResultReader> {
    options.signal?.throwIfAborted();
    const formats = new AnswerFormats(options);
    return new ResultReader(await openInputs(options), formats, options);
  }

  private constructor(inputs: Inputs, formats: AnswerFormats, options: ResultReaderOptions) {
    this.#inputs = inputs;
    this.#lines = new EntryLines(inputs);
    this.#results = new EntryResults(this.#lines, inputs, formats);
    this.#ledger = this.#lines.ledger;
    this.strays = new StrayList(options.onStray);
    this.#pace = new ReadingPace({ ...options, totalBytes: totalBytesOf(inputs) });
    if (inputs.requests !== undefined && options.order === "found") this.#found = new Column(Uint32Array);
  }

  /** Goes through the files once. What was found so far can be read meanwhile, between two stretches of a file. */
  async index({ notesAll }: Pick<ResultReaderOptions, "notesAll">): Promise<void> {
    const { requests, results } = this.#inputs;
    const common = { ledger: this.#ledger, strays: this.strays, pace: this.#pace };
    const { requestReader, resultLines } = this.#lines;
    if (requests !== undefined) await indexRequests(requests, { ...common, reader: requestReader });
    this.#index = new ResultsIndex({
      ...common,
      files: results,
      windows: resultLines,
      hasRequests: requests !== undefined,
      notesAll,
      isUsable: (entry, read) => this.#results.isUsable(entry, read),
      onFound: (entry) => {
        this.#found?.push(entry);
        this.#news?.found.push(entry);
      },
      onReplaced: () => {
        if (this.#news !== undefined) this.#news.isReplaced = true;
      },
    });
    await this.#index.build();
    this.#tail = readTail(results.at(-1));
    this.#addMissing();
  }

  /**
   * Goes through what has come to the last results file, of which so many bytes are there now. Gives the entries that have a
   * result now; nothing where more than that is another, and all has to be gone through anew.
   */
  async extend(bytes: number): Promise<readonly number[] | undefined> {
    const { requests, results } = this.#inputs;
    const last = results.at(-1);
    if (last === undefined || this.#index === undefined) return undefined;
    const canGrow = last.isPlain && requests?.isPlain !== false && this.#found === undefined;
    // The beginning of a line is a line of its own to those who find no more.
    const grown = { ...last, bytes };
    const tail = readTail(grown);
    if (!canGrow || !endsLine(this.#tail) || !endsLine(tail) || !readTail(last).equals(this.#tail))
      return undefined;
    this.#inputs = { ...this.#inputs, results: [...results.slice(0, -1), grown] };
    this.#tail = tail;
    this.#lines.resultLines.forget();
    const news = { found: [], isReplaced: false };
    this.#news = news;
    await this.#index.extend(bytes);
    this.#news = undefined;
    return news.isReplaced ? undefined : news.found;
  }

  #addMissing(): void {
    for (let entry = 0; entry < this.#ledger.size && this.#found !== undefined; entry += 1) {
      if (this.#ledger.resultPlaceOf(entry) === undefined) this.#found.push(entry);
    }
  }

  get counts(): ResultCounts {
    const counts = { succeeded: 0, failed: 0, expired: 0, cancelled: 0, missing: 0, unreadable: 0 };
    for (let entry = 0; entry < this.#ledger.size; entry += 1)
      counts[statusOf(this.#ledger.noteOf(entry))] += 1;
    return { total: this.#ledger.size, ...counts, strays: this.strays.count };
  }

  /** All results, in order. With `thenCloses` it is closed after them, also where they are broken off. */
  readAll({ thenCloses = false } = {}): AsyncIterator<Result> {
    return new ResultIterator(this, { pace: this.#pace.goOn(), thenCloses });
  }

  get count(): number {
    return this.#ledger.size;
  }

  readAt(index: number): MaybePromise<Result> {
    return this.read(this.#entryAt(index));
  }

  lengthAt(index: number): number {
    return this.#ledger.resultLengthOf(this.#entryAt(index));
  }

  #entryAt(index: number): number {
    return this.#found?.get(index) ?? index;
  }

  get files(): Pick<Inputs, "requests" | "results"> {
    return this.#inputs;
  }

  assertOpen(): void {
    if (!this.#isClosed) return;
    throw new OpenbatchError("results_closed", "The results were closed, and then asked for more.");
  }

  forgetIds(): void {
    this.#ledger.forgetIds();
  }

  find(custom_id: string): number | undefined {
    this.assertOpen();
    return this.#ledger.find(FoundId.of(custom_id));
  }

  /** The result of an entry. A promise where its answer is checked by a library's own validator. */
  read(entry: number): MaybePromise<Result> {
    this.assertOpen();
    return this.#results.read(entry);
  }

  /** The entry of a request or a result, by the line that it stands in. */
  findLine(line: Buffer): number | undefined {
    const custom_id = this.#lines.readId(toLineBytes(line));
    return custom_id === undefined ? undefined : this.find(custom_id);
  }

  /** The line with the result of an entry, as it stands there. */
  readLine(entry: number): string | undefined {
    this.assertOpen();
    return this.#lines.readResult(entry);
  }

  /** The line of the batch file behind an entry, as it stands there. */
  readRequest(entry: number): string | undefined {
    this.assertOpen();
    return this.#lines.readRequest(entry);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#inputs.close();
  }
}

function readTail(file: OpenFile | undefined): Buffer {
  const bytes = Buffer.alloc(Math.min(tailBytes, file?.bytes ?? 0));
  file?.read(bytes, 0, { offset: file.bytes - bytes.length, length: bytes.length });
  return bytes;
}

function endsLine(tail: Buffer): boolean {
  return tail.length === 0 || tail.at(-1) === lineFeed;
}

/** What there is to go through: results files twice, first for the ids in them. */
function totalBytesOf({ requests, results }: Inputs): number | undefined {
  const files: readonly OpenFile[] = [...(requests === undefined ? [] : [requests]), ...results, ...results];
  if (!files.every(({ isPlain }) => isPlain)) return undefined;
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
