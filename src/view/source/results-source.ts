import { basename } from "node:path";
import { setImmediate } from "node:timers/promises";
import { OpenbatchError } from "../../errors/index.js";
import { isRehearsalFile } from "../../files/index.js";
import {
  findImages,
  openResultRows,
  type Result,
  type ResultRows,
  type ResultRowsOptions,
  type ResultsProgress,
} from "../../results/index.js";
import { RowColumns, toOutcome } from "../rows/row-columns.js";
import type { RowFilter } from "../rows/row-filter.js";
import type { RowDetail } from "../wire/row-detail.js";
import type { RowOutcome } from "../wire/row-outcome.js";
import type { RowCells, RowPage } from "../wire/row-page.js";
import type { SourceSummary } from "../wire/source-summary.js";
import { listResultTexts, toDetailAnswer, toDetailProblem } from "./detail-parts.js";
import { JoinedTable, type JoinedTableOptions } from "./joined-table.js";
import { OtherResults } from "./other-results.js";
import { readPrompt, readRequestParts, readRequestTexts } from "./read-request-parts.js";
import { type ColumnChoices, chooseShownColumns, listChoices, RowCellReader } from "./row-cells.js";
import { RowViews } from "./row-views.js";
import { summarizeColumns } from "./summarize-columns.js";
import type { RowQuery, SourceGrowth, ViewSource } from "./view-source.js";

/** So many are looked at before the rest of the process has its turn. */
const rowsAtOnce = 100;

export interface ResultsSourceOptions extends Omit<ResultRowsOptions, "onProgress" | "signal"> {
  readonly id: string;
  /** Whether what is missing may still come. */
  readonly mayStillCome: boolean;
  /** How often the files were read, with this time. */
  readonly readings?: number;
  /** What causes are called, in this reading and in those before and after it. */
  readonly causeNumbers?: Map<string, number>;
  /** How long requests took, where that is recorded. */
  readonly times?: SourceSummary["times"];
  /** Other results of the same requests. */
  readonly compare?: readonly (string | URL)[] | undefined;
  /** The table that the requests were made of. */
  readonly join?: JoinedTableOptions | undefined;
}

/** The results of one batch file, or of results files alone: shown while they are still read. */
export class ResultsSource implements ViewSource {
  readonly id: string;
  readonly #options: ResultsSourceOptions;
  readonly #rows: ResultRows;
  readonly #columns: RowColumns;
  readonly #views: RowViews;
  readonly #stop: AbortController;
  #state: SourceSummary["state"] = "finding";
  #readings: number;
  #times: SourceSummary["times"];
  #progress: number | undefined = 0;
  #failure: SourceSummary["failure"];
  #reading: Promise<void> = Promise.resolve();
  readonly #other: OtherResults | undefined;
  #table: JoinedTable | undefined;

  /** Opens the files, and begins to read them. */
  static async open(options: ResultsSourceOptions): Promise<ResultsSource> {
    const stop = new AbortController();
    let onProgress: (progress: ResultsProgress) => void = () => undefined;
    const { requests, results, from, format, compare } = options;
    const files = { requests, from, format, signal: stop.signal };
    const rows = await openResultRows({ ...files, results, onProgress: (progress) => onProgress(progress) });
    const other = compare === undefined ? undefined : await openOther(rows, { ...files, results: compare });
    const source = new ResultsSource(options, { rows, other, stop });
    onProgress = (progress) => source.#note(progress);
    source.#reading = source.#read();
    return source;
  }

  private constructor(options: ResultsSourceOptions, { rows, other, stop }: OpenedParts) {
    this.id = options.id;
    this.#options = options;
    this.#rows = rows;
    this.#other = other;
    this.#stop = stop;
    this.#readings = options.readings ?? 1;
    this.#times = options.times;
    this.#columns = new RowColumns(options.mayStillCome, options.causeNumbers);
    this.#views = new RowViews({
      rows,
      columns: this.#columns,
      different: other?.different,
      readRequestTexts: async (row) => this.#readRequestTexts(row),
      readResultTexts: async (row) => listResultTexts(await rows.read(row)),
      onFailure: (error) => this.#fail(error),
    });
  }

  /** Resolves when everything was read, or could not be. */
  get whenRead(): Promise<void> {
    return this.#reading;
  }

  summary(): SourceSummary {
    const { requests, results } = this.#options;
    const total = this.#rows.count;
    return {
      ...summarizeColumns(this.#columns, total),
      id: this.id,
      name: basename(String(requests ?? results[0])),
      requests: requests === undefined ? undefined : String(requests),
      results: results.map(String),
      isRehearsal: results.some((file) => isRehearsalFile(String(file))),
      readings: this.#readings,
      state: this.#state,
      progress: this.#progress,
      failure: this.#failure,
      total,
      times: this.#times,
      comparison: this.#other?.summary(),
      columns: listChoices(this.#choices),
      strays: this.#rows.strays.count,
    };
  }

  async readPage({ from, count, filter, columns }: RowQuery): Promise<RowPage> {
    const view = this.#views.open(filter, this.#isRead);
    const names = columns.length > 0 ? columns : chooseShownColumns(this.#choices);
    const cells = new RowCellReader(names);
    const codes = new Map(this.#columns.causes.listNumbered().map(({ number, code }) => [number, code]));
    const rows: RowCells[] = [];
    for (let position = from; position < Math.min(from + count, view.total); position += 1) {
      const row = view.at(position);
      if (row === undefined) break;
      const result = await this.#rows.read(row);
      const { custom_id } = result;
      const cause = codes.get(this.#columns.causeOf(row));
      const other = await this.#other?.find(custom_id);
      const sources = {
        result,
        other,
        cause,
        prompt: () => this.#readPrompt(row),
        table: () => this.#cellsOf(row),
      };
      rows.push({ row, custom_id, outcome: this.#outcomeOf(row, result), cause, cells: cells.read(sources) });
    }
    return { total: view.total, isComplete: view.isComplete, from, columns: names, rows };
  }

  async readDetail(wanted: number | string, filter: RowFilter): Promise<RowDetail | undefined> {
    const row = typeof wanted === "string" ? this.#rows.find(wanted) : wanted;
    if (row === undefined || row >= this.#rows.count) return undefined;
    const result = await this.#rows.read(row);
    const view = this.#views.open(filter, this.#isRead);
    const line = this.#rows.readRequest(row);
    return {
      ...{ row, custom_id: result.custom_id, outcome: this.#outcomeOf(row, result), url: result.url },
      ...{ position: view.positionOf(row), total: view.total, requestLine: result.requestLine },
      file: result.status === "missing" ? undefined : result.file,
      line: result.status === "missing" ? undefined : result.line,
      request: line === undefined ? undefined : readRequestParts(line),
      answer: toDetailAnswer(result),
      problem: toDetailProblem(result),
      other: await this.#other?.readDetail(result.custom_id),
      table: this.#cellsOf(row),
    };
  }

  readLine(row: number, of: "request" | "result"): string | undefined {
    if (row >= this.#rows.count) return undefined;
    return of === "request" ? this.#rows.readRequest(row) : this.#rows.readLine(row);
  }

  async readImage(row: number, index: number, of: "result" | "other"): Promise<Buffer | undefined> {
    const result = row < this.#rows.count ? await this.#rows.read(row) : undefined;
    const shown =
      of === "result" || result === undefined ? result : await this.#other?.find(result.custom_id);
    if (shown?.status !== "succeeded") return undefined;
    const image = findImages(shown).filter(({ kind }) => kind === "base64")[index];
    return image?.kind === "base64" ? Buffer.from(image.text, "base64") : undefined;
  }

  async extend({ bytes, mayStillCome, times, readings, signal }: SourceGrowth): Promise<boolean> {
    const { requests, compare, join } = this.#options;
    const isRead = this.#state === "complete" && compare === undefined;
    // Where a row may be lost again, or rows have cells of a table that are not read yet.
    const isOther = mayStillCome && !this.#columns.mayStillCome;
    if (!isRead || isOther || (join !== undefined && requests === undefined)) return false;
    const found = await this.#rows.extend(bytes);
    if (found === undefined) return false;
    this.#views.forget();
    await this.#settle(found, signal);
    if (this.#columns.mayStillCome && !mayStillCome) {
      this.#columns.mayStillCome = false;
      await this.#settle(this.#columns.listPending(), signal);
    }
    // What was filtered meanwhile is not right any more.
    this.#views.forget();
    this.#times = times;
    this.#readings = readings;
    return true;
  }

  async #settle(rows: Iterable<number>, signal: AbortSignal): Promise<void> {
    let count = 0;
    for (const row of rows) {
      this.#columns.settle(row, await this.#rows.read(row));
      count += 1;
      if (count % rowsAtOnce !== 0) continue;
      await setImmediate();
      signal.throwIfAborted();
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#views.close();
    await this.#reading;
    this.#table?.close();
    await this.#other?.close();
    await this.#rows.close();
  }

  get #isRead(): boolean {
    return this.#state === "complete" || this.#state === "failed";
  }

  async #read(): Promise<void> {
    try {
      await this.#rows.index();
      await this.#other?.index();
      this.#state = "reading";
      const { join } = this.#options;
      if (join !== undefined) this.#table = await JoinedTable.read(this.#rows, join, this.#stop.signal);
      this.#rows.forgetIds();
      const results = { [Symbol.asyncIterator]: () => this.#rows.readAll() };
      for await (const result of results) {
        await this.#other?.compare(this.#columns.length, result);
        this.#columns.add(result);
      }
      this.#state = "complete";
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#state = "failed";
    const isKnown = error instanceof OpenbatchError;
    this.#failure = {
      message: isKnown ? error.message : "The files could not be read to their end.",
      hint: isKnown ? error.hint : "Look at them with openbatch results.",
    };
  }

  #note({ bytes, totalBytes }: ResultsProgress): void {
    this.#progress = totalBytes === undefined ? undefined : Math.min(1, bytes / Math.max(totalBytes, 1));
  }

  /** What was not looked at yet may be known all the same, for it was just read. */
  #outcomeOf(row: number, result: Result): RowOutcome {
    if (row < this.#columns.length) return this.#columns.outcomeOf(row);
    if (result.status === "missing" && this.#state === "finding") return "reading";
    return toOutcome(result, this.#columns.mayStillCome);
  }

  get #choices(): ColumnChoices {
    return {
      shown: this.#columns.shown.list(),
      hasRequests: this.#options.requests !== undefined,
      hasCauses: this.#columns.causes.listNumbered().length > 0,
      otherShown: this.#other?.shown,
      table: this.#table?.columns ?? [],
    };
  }

  #cellsOf(row: number): Readonly<Record<string, string>> | undefined {
    return this.#table?.cellsOf(row);
  }

  #readPrompt(row: number): string | undefined {
    const line = this.#rows.readRequest(row);
    return line === undefined ? undefined : readPrompt(line);
  }

  #readRequestTexts(row: number): readonly string[] {
    const line = this.#rows.readRequest(row);
    return line === undefined ? [] : readRequestTexts(line);
  }
}

interface OpenedParts {
  readonly rows: ResultRows;
  readonly other: OtherResults | undefined;
  readonly stop: AbortController;
}

async function openOther(
  rows: ResultRows,
  options: Omit<ResultRowsOptions, "onProgress">,
): Promise<OtherResults> {
  try {
    return await OtherResults.open(options);
  } catch (error) {
    await rows.close();
    throw error;
  }
}
