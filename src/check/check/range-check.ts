import { LineCheck, type LineCheckOptions } from "../lines/line-check.js";
import { LineReader } from "../lines/line-reader.js";
import { FileSummary, type FileSummarySnapshot } from "../report/file-summary.js";
import { type ByteRange, RangeScanner } from "./byte-range.js";
import { IdColumns, type IdColumnsSnapshot } from "./id-columns.js";

/** What was found in one range, with line numbers counted from its start, as plain data. */
export interface RangeResult {
  readonly summary: FileSummarySnapshot;
  readonly ids: IdColumnsSnapshot;
}

/** What a range worker is started with. File descriptors are shared by all threads of a process. */
export interface RangeWorkerData {
  readonly fd: number;
  readonly options: LineCheckOptions;
}

/** What a range holds beyond this is not merged; the range is looked at again on its own. */
const rangeCapacity = { causes: 2_000, names: 2_000 };

/** Checks ranges of one open file, one after the other, in whatever thread. */
export class RangeChecker {
  readonly #scanner: RangeScanner;
  readonly #lines: LineCheck;
  readonly #reader: LineReader;
  readonly #ids = new IdColumns();

  constructor(fd: number, options: LineCheckOptions) {
    this.#scanner = new RangeScanner(fd);
    this.#lines = new LineCheck(new FileSummary(rangeCapacity), this.#ids, options);
    this.#reader = new LineReader(this.#lines);
  }

  async check(range: ByteRange, signal?: AbortSignal): Promise<RangeResult> {
    const summary = new FileSummary(rangeCapacity);
    const ids = await this.checkInto(summary, range, signal);
    return { summary: summary.snapshot(), ids };
  }

  /** Adds a range to a summary that has seen everything before it. The lines of the ids go on from there. */
  async checkInto(summary: FileSummary, range: ByteRange, signal?: AbortSignal): Promise<IdColumnsSnapshot> {
    const ids = this.#ids;
    ids.clear();
    this.#lines.goOnWith(summary);
    await this.#scanner.scan(range, { startAt: (offset) => this.#reader.goOnAt(offset), signal });
    return ids.snapshot();
  }
}
