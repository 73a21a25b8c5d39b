import type { Worker } from "node:worker_threads";
import { IdReader } from "../../batch-file/index.js";
import { startWorkers, toOpenFile, WorkerThread, workInThreads } from "../../files/index.js";
import type { LineCheckOptions } from "../lines/line-check.js";
import type { FileSummary } from "../report/file-summary.js";
import { type ByteRange, cutRanges } from "./byte-range.js";
import { type CheckSettings, toLineOptions } from "./check-settings.js";
import { IdRegistry } from "./id-registry.js";
import { RangeChecker, type RangeResult, type RangeWorkerData } from "./range-check.js";

export type StartRangeWorkers = (data: RangeWorkerData, count: number) => readonly Worker[];

/** What decides how the work is done, and never what comes of it. */
export interface CheckTuning {
  /** Files above this many bytes are given to several threads. */
  readonly threadsAboveBytes: number;
  readonly rangeBytes: number;
  readonly startWorkers: StartRangeWorkers;
  /** Whether lines of a shape that was found clean are only counted. True by default. */
  readonly usesShapes?: boolean;
}

export const defaultTuning: CheckTuning = {
  // Measured: a thread that starts takes 0.16 s of the processor before it is as fast as the first, in which that checks 70 MB.
  threadsAboveBytes: 150_000_000,
  rangeBytes: 4 * 1024 * 1024,
  startWorkers: (data, count) => startWorkers(new URL("./range-worker.js", import.meta.url), count, data),
};

/** A file of tiny lines first is not to take memory for what may never come. */
const maxReservedIds = 2_000_000;

export interface PlainFile {
  readonly fd: number;
  readonly bytes: number;
}

/** Checks a file range by range, in one thread or in several, and merges what was found in the order of the ranges. */
export class PlainFileCheck {
  readonly ids: IdRegistry;
  readonly #file: PlainFile;
  readonly #summary: FileSummary;
  readonly #settings: CheckSettings;
  readonly #tuning: CheckTuning;

  constructor(
    file: PlainFile,
    summary: FileSummary,
    { settings, tuning }: { readonly settings: CheckSettings; readonly tuning: CheckTuning },
  ) {
    const reader = new IdReader(toOpenFile("", file));
    this.ids = new IdRegistry(({ offset }, isExpected) => reader.read(offset, isExpected));
    this.#file = file;
    this.#summary = summary;
    this.#settings = settings;
    this.#tuning = tuning;
  }

  async run(): Promise<void> {
    const { threadsAboveBytes, rangeBytes, startWorkers } = this.#tuning;
    const { bytes, fd } = this.#file;
    const ranges = cutRanges(bytes, rangeBytes);
    const data = { fd, options: this.#lineOptions };
    const count = bytes > threadsAboveBytes ? Math.min(this.#settings.workers, ranges.length - 1) : 0;
    const workers = startWorkers(data, count).map(
      (worker) => new WorkerThread<ByteRange, RangeResult>(worker),
    );
    const checker = this.#createChecker();
    const ownThread = { work: (range: ByteRange) => checker.check(range, this.#settings.signal) };
    try {
      await workInThreads(ranges, [ownThread, ...workers], (result, range) => this.#merge(result, range));
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
    }
  }

  async #merge({ summary, ids }: RangeResult, range: ByteRange): Promise<void> {
    if (summary.overflowed) await this.#checkAgain(range);
    else {
      this.ids.merge(ids, this.#summary.totals.lines);
      this.#summary.merge(summary);
    }
    if (range.start === 0) this.#reserveIds(range);
    const { requests, bytes } = this.#summary.totals;
    this.#settings.onProgress({ requests, bytes, totalBytes: this.#file.bytes });
  }

  /** The first range shows how many ids the file is likely to have. */
  #reserveIds(first: ByteRange): void {
    const share = first.end / this.#file.bytes;
    if (share < 1) this.ids.reserve(Math.min(this.ids.uniqueCount / share, maxReservedIds));
  }

  /** A range with more causes than can be merged: now that all before it is known, only what is missing is kept. */
  async #checkAgain(range: ByteRange): Promise<void> {
    const ids = await this.#createChecker().checkInto(this.#summary, range, this.#settings.signal);
    this.ids.merge(ids, 0);
  }

  get #lineOptions(): LineCheckOptions {
    return { ...toLineOptions(this.#settings), usesShapes: this.#tuning.usesShapes ?? true };
  }

  #createChecker(): RangeChecker {
    return new RangeChecker(this.#file.fd, this.#lineOptions);
  }
}
