import { setImmediate } from "node:timers/promises";
import {
  assertIterable,
  assertOptions,
  choiceOption,
  describe,
  functionOption,
  type OptionRules,
  signalOption,
} from "../../api/index.js";
import { type Code, countOf, formatCount, OpenbatchError, withText } from "../../errors/index.js";

/** What became of a request: a line of its own, or none because the same line was there. */
export type WriteOutcome = "written" | "skipped";

/** How far a bulk call has come. */
export interface BulkProgress {
  /** Rows taken so far. */
  readonly rows: number;
  readonly written: number;
  /** Rows whose request was in the file already, with `onDuplicate: "skip"`. */
  readonly skipped: number;
  /** Rows that were refused, with `onError: "skip"`. */
  readonly failed: number;
}

/** A row that could not become a request. */
export interface RowFailure {
  /** Counted from 1. */
  readonly row: number;
  readonly error: unknown;
}

/** What a bulk call did. */
export interface BulkCounts extends BulkProgress {
  /** The first 1,000 rows that failed; `onFailure` gets all. */
  readonly failures: readonly RowFailure[];
}

export interface BulkOptions {
  /** `"stop"` (default) throws at the first row that fails; `"skip"` goes on and reports all. */
  readonly onError?: "stop" | "skip" | undefined;
  /** Gets every row that fails, with `onError: "skip"`. */
  readonly onFailure?: ((failure: RowFailure) => void) | undefined;
  /** Called every 1,000 rows and at the end. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Rows<Row> = (Iterable<Row> & object) | AsyncIterable<Row>;

const rowsBetweenPauses = 1000;
const maxFailuresKept = 1000;

/** Failures that the next row would meet as well. */
const causesOutsideTheRow: ReadonlySet<Code> = new Set([
  "collector_closed",
  "disk_full",
  "file_failed",
  "no_permission",
]);

/**
 * Writes a request for each row, and takes the next row when the last is written. Between rows it lets the event loop
 * run now and then, so that a signal or a timer is heard.
 */
export function writeEachRow<Row>(
  rows: Rows<Row>,
  write: (row: Row, index: number) => WriteOutcome,
  options: BulkOptions = {},
): Promise<BulkCounts> {
  assertOptions(options, bulkOptionRules);
  assertIterable(rows);
  const { signal } = options;
  const writing = takeAll(rows, new BulkRun(write, options));
  if (signal === undefined) return writing;
  return new Promise((resolve, reject) => {
    // At once, also while a row is waited for that may never come.
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    writing.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** What the options of every bulk call may be. */
export const bulkOptionRules: OptionRules<BulkOptions> = {
  onError: choiceOption("stop", "skip"),
  onFailure: functionOption,
  onProgress: functionOption,
  signal: signalOption,
};

async function takeAll<Row>(rows: Rows<Row>, run: BulkRun<Row>): Promise<BulkCounts> {
  run.assertGoingOn();
  if (Symbol.asyncIterator in rows) {
    for await (const row of rows) if (run.take(row)) await run.pause();
  } else {
    for (const row of rows) if (run.take(row)) await run.pause();
  }
  return run.end();
}

class BulkRun<Row> {
  readonly #write: (row: Row, index: number) => WriteOutcome;
  readonly #options: BulkOptions;
  readonly #counts = { rows: 0, written: 0, skipped: 0, failed: 0 };
  readonly #failures: RowFailure[] = [];

  constructor(write: (row: Row, index: number) => WriteOutcome, options: BulkOptions) {
    this.#write = write;
    this.#options = options;
  }

  /** Returns whether it is time for a pause. */
  take(row: Row): boolean {
    this.assertGoingOn();
    this.#counts.rows += 1;
    try {
      this.#counts[this.#write(row, this.#counts.rows - 1)] += 1;
    } catch (error) {
      this.#fail(error);
    }
    return this.#counts.rows % rowsBetweenPauses === 0;
  }

  async pause(): Promise<void> {
    this.#options.onProgress?.({ ...this.#counts });
    await setImmediate();
  }

  assertGoingOn(): void {
    this.#options.signal?.throwIfAborted();
  }

  end(): BulkCounts {
    this.#options.onProgress?.({ ...this.#counts });
    return withText({ ...this.#counts, failures: this.#failures }, toText);
  }

  #fail(error: unknown): void {
    const isOutside = error instanceof OpenbatchError && causesOutsideTheRow.has(error.code);
    if (isOutside || this.#options.onError !== "skip") throw toRowError(error, this.#counts);
    this.#counts.failed += 1;
    const failure = { row: this.#counts.rows, error };
    if (this.#failures.length < maxFailuresKept) this.#failures.push(failure);
    this.#options.onFailure?.(failure);
  }
}

function toRowError(cause: unknown, { rows, written }: BulkProgress): OpenbatchError {
  const lines = `${written} ${written === 1 ? "line was" : "lines were"} written before it`;
  if (cause instanceof RangeError && cause.message.includes("call stack")) {
    return new OpenbatchError("row_failed", `Row ${rows} is nested too deeply to be written; ${lines}.`, {
      hint: "Flatten what is in it, or leave it out (--on-error skip).",
      cause,
    });
  }
  if (!(cause instanceof OpenbatchError)) {
    const name = cause instanceof Error ? cause.name : describe(cause);
    return new OpenbatchError("row_failed", `Row ${rows} made the callback throw ${name}; ${lines}.`, {
      hint: "See error.cause for what was thrown.",
      cause,
    });
  }
  const code = causesOutsideTheRow.has(cause.code) ? cause.code : "row_failed";
  const advice = cause.message.includes(cause.hint) ? "" : ` ${cause.hint}`;
  return new OpenbatchError(code, `Row ${rows} failed; ${lines}. ${cause.message}${advice}`, { cause });
}

function toText({ rows, written, skipped, failed }: BulkCounts): string {
  const parts = [
    `${formatCount(written)} written`,
    ...(skipped === 0 ? [] : [`${formatCount(skipped)} skipped`]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
  ];
  return `${countOf(rows, "row")}: ${parts.join(", ")}`;
}
