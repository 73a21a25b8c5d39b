import { FoundId, type LineBytes, LineWindows, toLineBytes } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { OpenFile } from "../../files/index.js";
import type { MaybePromise } from "../../format/index.js";
import { Column, lineFeed } from "../../jsonl/index.js";
import { AnswerFormats } from "../answer/answer-formats.js";
import type { Asked } from "../answer/asked.js";
import { createResult, type ReadLine, readLine } from "../answer/line-result.js";
import type { Result } from "../answer/result.js";
import { ResultLineReader } from "../answer/result-line-reader.js";
import { statusOf } from "../answer/result-status.js";
import { Missing, type Origin } from "../answer/unsuccessful-result.js";
import { countUntaken, nothingUntaken, type Untaken } from "../answer/untaken.js";
import { indexRequests } from "./index-requests.js";
import { ResultsIndex } from "./index-results.js";
import { Ledger } from "./ledger.js";
import type { LinePlace } from "./line-places.js";
import { type Inputs, openInputs } from "./open-inputs.js";
import type { OpenResultsOptions } from "./read-results-options.js";
import { ReadingPace } from "./reading-pace.js";
import { RequestLineReader } from "./request-line-reader.js";
import { ResultIdReader } from "./result-id-reader.js";
import { ResultIterator, type ResultSource } from "./result-iterator.js";
import type { ResultCounts, Stray } from "./results.js";
import { StrayList } from "./stray-list.js";

const tailBytes = 4096;

export interface ResultReaderOptions extends OpenResultsOptions {
  readonly onStray?: ((stray: Stray) => void) | undefined;
  /** Whether to know the status of every result beforehand, for counting them. */
  readonly notesAll: boolean;
}

/** The open files of a batch, and where in them the result of each request stands. */
export class ResultReader implements ResultSource {
  readonly strays: StrayList;
  #inputs: Inputs;
  readonly #requestLines: LineWindows;
  readonly #resultLines: LineWindows;
  readonly #requestReader = new RequestLineReader();
  readonly #resultIds = new ResultIdReader();
  readonly #answers = new ResultLineReader();
  readonly #formats: AnswerFormats;
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
    const { requests, results } = inputs;
    this.#inputs = inputs;
    this.#formats = formats;
    this.#requestLines = new LineWindows(requests === undefined ? [] : [requests]);
    this.#resultLines = new LineWindows(results);
    this.#ledger = new Ledger((entry, custom_id) => this.#hasId(entry, custom_id));
    this.strays = new StrayList(options.onStray);
    this.#pace = new ReadingPace({ ...options, totalBytes: totalBytesOf(inputs) });
    if (requests !== undefined && options.order === "found") this.#found = new Column(Uint32Array);
  }

  /** Goes through the files once. What was found so far can be read meanwhile, between two stretches of a file. */
  async index({ notesAll }: Pick<ResultReaderOptions, "notesAll">): Promise<void> {
    const { requests, results } = this.#inputs;
    const common = { ledger: this.#ledger, strays: this.strays, pace: this.#pace };
    if (requests !== undefined) await indexRequests(requests, { ...common, reader: this.#requestReader });
    this.#index = new ResultsIndex({
      ...common,
      files: results,
      windows: this.#resultLines,
      hasRequests: requests !== undefined,
      notesAll,
      isUsable: (entry, read) => this.#isUsable(entry, read),
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
    this.#resultLines.forget();
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
    const asked = this.#ledger.askedOf(entry) ?? this.#readAsked(entry);
    const requestLine = this.#inputs.requests === undefined ? undefined : this.#ledger.keyPlaceOf(entry).line;
    const place = this.#ledger.resultPlaceOf(entry);
    if (place !== undefined) return this.#readResult(entry, place, { asked, requestLine });
    const { buffer, start, end } = this.#readKeyLine(entry);
    const custom_id = this.#requestReader.readId(buffer, start, end);
    if (custom_id === undefined) throw toChangedError(this.#inputs.requests);
    return new Missing({ custom_id, url: asked.url, requestLine });
  }

  #readResult(
    entry: number,
    { offset, length, line }: LinePlace,
    { asked, requestLine }: RequestParts,
  ): MaybePromise<Result> {
    const found = this.#resultLines.read(offset, length);
    const read = this.#answers.read(found);
    const custom_id = idOf(read) ?? this.#resultIds.read(found)?.text;
    const file = this.#inputs.results[this.#resultLines.fileAt(offset)];
    if (custom_id === undefined || file === undefined) throw toChangedError(file);
    const untaken = this.#countUntaken(entry, read);
    // Member by member: of each object that is made by spreading another, 250 bytes outlive the next collections of garbage.
    const origin = { custom_id, url: asked.url, requestLine, file: file.name, line, untaken };
    return this.#create(read, asked, origin);
  }

  #countUntaken(entry: number, taken: ReadLine): Untaken {
    const places = this.#ledger.untakenOf(entry);
    return places.length === 0 ? nothingUntaken : countUntaken(contentOf(taken), this.#readContents(places));
  }

  *#readContents(places: readonly LinePlace[]): Iterable<Readonly<Record<string, unknown>>> {
    for (const { offset, length } of places) {
      const { buffer, start, end } = this.#resultLines.read(offset, length);
      yield contentOf(readLine(buffer, start, end));
    }
  }

  #isUsable(entry: number, readExtent: () => LineBytes): MaybePromise<boolean> {
    const asked = this.#ledger.askedOf(entry) ?? this.#readAsked(entry);
    const origin = { ...nowhere, url: asked.url };
    const result = this.#create(this.#answers.read(readExtent()), asked, origin);
    return result instanceof Promise ? result.then(isUsable) : isUsable(result);
  }

  #create(line: ReadLine, asked: Asked, origin: Origin): MaybePromise<Result> {
    const expected = { format: this.#formats.formatOf(asked), items: asked.items };
    return createResult(line, origin, expected);
  }

  /** The entry of a request or a result, by the line that it stands in. */
  findLine(line: Buffer): number | undefined {
    const id = this.#resultIds.read(toLineBytes(line));
    // As a text: to find it may read other lines with the same reader.
    return id === undefined ? undefined : this.find(id.text);
  }

  /** The line with the result of an entry, as it stands there. */
  readLine(entry: number): string | undefined {
    this.assertOpen();
    const place = this.#ledger.resultPlaceOf(entry);
    if (place === undefined) return undefined;
    const { buffer, start, end } = this.#resultLines.read(place.offset, place.length);
    return buffer.toString("utf8", start, end);
  }

  /** The line of the batch file behind an entry, as it stands there. */
  readRequest(entry: number): string | undefined {
    this.assertOpen();
    if (this.#inputs.requests === undefined) return undefined;
    const { buffer, start, end } = this.#readKeyLine(entry);
    return buffer.toString("utf8", start, end);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#inputs.close();
  }

  #hasId(entry: number, custom_id: string): boolean {
    const line = this.#readKeyLine(entry);
    return this.#inputs.requests === undefined
      ? this.#resultIds.has(custom_id, line)
      : this.#requestReader.hasId(custom_id, line);
  }

  #readAsked(entry: number): Asked {
    // Without looking: requests that ask for the same as none before are few.
    this.#requestReader.read(this.#readKeyLine(entry), true);
    return this.#requestReader.asked;
  }

  #readKeyLine(entry: number): LineWindows {
    const lines = this.#inputs.requests === undefined ? this.#resultLines : this.#requestLines;
    const { offset, length } = this.#ledger.keyPlaceOf(entry);
    return lines.read(offset, length);
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

/** A result that is only looked at. */
const nowhere = { custom_id: "", requestLine: undefined, file: "", line: 0, untaken: nothingUntaken };

function isUsable(result: Result): boolean {
  return result.status === "succeeded" && result.problem === undefined;
}

/** What stands in a line; of one that cannot be read, what is wrong with it. */
function contentOf(line: ReadLine): Readonly<Record<string, unknown>> {
  return line.kind === "outcome" ? line.json.value : { problem: line.problem };
}

function idOf(line: ReadLine): string | undefined {
  return line.kind === "outcome" ? line.custom_id : undefined;
}

/** What a result takes from its request. */
interface RequestParts {
  readonly asked: Asked;
  readonly requestLine: number | undefined;
}

function toChangedError(file: OpenFile | undefined): OpenbatchError {
  return new OpenbatchError("unreadable_input", `${file?.name} was changed while it was read.`, {
    hint: "Read it again when nothing writes to it any more; lines may be appended meanwhile.",
  });
}

/** What there is to go through: results files twice, first for the ids in them. */
function totalBytesOf({ requests, results }: Inputs): number | undefined {
  const files: readonly OpenFile[] = [...(requests === undefined ? [] : [requests]), ...results, ...results];
  if (!files.every(({ isPlain }) => isPlain)) return undefined;
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
