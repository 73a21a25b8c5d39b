import { realpathSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { isObject } from "../../api/index.js";
import { LineWalker } from "../../batch-file/index.js";
import { countOf, OpenbatchError, toFileError, withText } from "../../errors/index.js";
import { openFile, RunLock, toLockFile, toPath } from "../../files/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { Histogram } from "../../results/index.js";
import { RunMoments, readRunMoment } from "./run-moments.js";
import type { RecordedBatchFile, RecordedRun, RunEndLine, RunRecord, RunStart } from "./run-record.js";

/**
 * Reads the record that a run keeps beside its results, as `requests.results.run.jsonl`: what ran when, against what, how
 * often requests were sent and how long they took; and whether a run is under way.
 *
 * @throws OpenbatchError `not_a_run_record`, `file_not_found` and the like.
 *
 * @example
 * ```ts
 * import { readRunRecord } from "openbatch/execute";
 *
 * const { runs, settled, requestMs } = await readRunRecord("requests.results.run.jsonl");
 * console.log(`${runs.length} runs, ${Math.round(requestMs / settled)} ms a request`);
 * ```
 */
export async function readRunRecord(path: string | URL): Promise<RunRecord> {
  const name = toPath(path);
  try {
    // Asked first: whoever ends meanwhile is taken for one that goes on, not for one that was killed.
    const underWay = RunLock.findHolder(toLockFile(realpathSync(name)));
    return withText({ ...(await scanRunRecord(name)).record, underWay }, toText);
  } catch (cause) {
    throw toFileError(cause, "read", name);
  }
}

function toText({ runs, settled, attempts, seconds, underWay }: RunRecord): string {
  const least = runs.some(({ state }) => state === "unfinished") ? "at least " : "";
  const sums = `${least}${countOf(settled, "request")} settled in ${countOf(attempts, "attempt")} and ${seconds.toFixed(1)} s`;
  return `${countOf(runs.length, "run")}: ${sums}${underWay === undefined ? "" : `; process ${underWay.pid} is under way`}`;
}

type RecordedRuns = Omit<RunRecord, "underWay">;

export interface ScannedRecord {
  readonly record: RecordedRuns;
  /** Results that there were, at the least, when the last run ended or was killed. */
  readonly results: number;
  /** How much of the file is whole lines: a killed run may leave the beginning of one behind them. */
  readonly wholeBytes: number;
}

/** Nothing where there is no record. */
export async function scanRecordIfThere(path: string): Promise<ScannedRecord | undefined> {
  try {
    return await scanRunRecord(path);
  } catch (cause) {
    if (cause instanceof OpenbatchError && cause.code === "file_not_found") return undefined;
    throw toFileError(cause, "read", path);
  }
}

const linesBetweenPauses = 5_000;

async function scanRunRecord(path: string): Promise<ScannedRecord> {
  const file = await openFile(path);
  try {
    const lines = new LineWalker(file);
    const reader = new RunRecordReader();
    let wholeBytes = 0;
    while (lines.step() && lines.isTerminated) {
      reader.take(lines.bytes);
      wholeBytes = lines.nextOffset;
      if (lines.number % linesBetweenPauses === 0) await setImmediate();
    }
    if (reader.runs.length === 0 && wholeBytes > 0) throw toOtherFileError(path);
    return { record: reader.toRecord(), results: reader.results, wholeBytes };
  } finally {
    file.close();
  }
}

function toOtherFileError(path: string): OpenbatchError {
  return new OpenbatchError(
    "not_a_run_record",
    `${path} is where the record of the run belongs, and holds something else.`,
  );
}

type Changing<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** The numbers of a line that tells of one request. */
const settledLine = /"attempts":(\d+),"ms":(\d+)\}\s*$/;
const tailBytes = 64;

class RunRecordReader {
  readonly runs: Changing<RecordedRun>[] = [];
  results = 0;
  readonly #times = new Histogram();
  /** Of each run. */
  readonly #moments: RunMoments[] = [];
  /** Requests that were cut short, by runs up to the one before the last. */
  #cutShort = 0;

  take(bytes: Buffer): void {
    const run = this.runs.at(-1);
    // Most lines tell of one request, and nothing but two numbers of them is wanted.
    const settled = settledLine.exec(bytes.toString("latin1", Math.max(0, bytes.length - tailBytes)));
    if (settled !== null && run !== undefined) {
      const ms = Number(settled[2]);
      this.results += 1;
      this.#times.add(ms);
      return addSettled(run, Number(settled[1]), ms);
    }
    const line = parse(bytes);
    if (isRunStart(line)) return this.#begin(line);
    if (line === undefined || run === undefined) return;
    const moment = readRunMoment(line);
    if (moment !== undefined) this.#moments.at(-1)?.add(moment);
    else if (isEnd(line)) this.#end(run, line);
    else if (typeof line.in_flight === "number") run.mostInFlight = line.in_flight;
  }

  toRecord(): RecordedRuns {
    const sum = (read: (run: RecordedRun) => number) =>
      this.runs.reduce((total, run) => total + read(run), 0);
    return {
      runs: this.runs.map((run, index) => ({ ...run, moments: this.#moments[index]?.list() ?? [] })),
      settled: sum(({ settled }) => settled),
      attempts: sum(({ attempts }) => attempts),
      requestMs: sum(({ requestMs }) => requestMs),
      latencies: this.#times.quantiles,
      seconds: sum(toSeconds),
      mayBeSentTwice: this.#cutShort + unfinishedOf(this.runs.at(-1)),
    };
  }

  #begin({ started_at, batch_file, target, model, rehearsal, settings, left }: RunStart): void {
    this.#cutShort += unfinishedOf(this.runs.at(-1));
    if (left !== undefined) this.#goOnWith(left, batch_file);
    this.#moments.push(new RunMoments());
    this.runs.push({
      startedAt: started_at,
      endedAt: undefined,
      state: "unfinished",
      cause: undefined,
      target,
      model: model ?? undefined,
      isRehearsal: rehearsal,
      batchFile: batch_file,
      settings,
      mostInFlight: 0,
      settled: 0,
      attempts: 0,
      requestMs: 0,
      longestMs: 0,
      moments: [],
    });
  }

  #end(run: Changing<RecordedRun>, { ended_at, state, cause, left, cut_off }: RunEndLine): void {
    run.endedAt = ended_at;
    run.state = state;
    run.cause = cause ?? undefined;
    this.#cutShort += cut_off;
    this.#goOnWith(left, run.batchFile);
  }

  #goOnWith(left: number, { requests }: RecordedBatchFile): void {
    // What has its result since is not sent again.
    this.#cutShort = Math.min(this.#cutShort, left);
    this.results = requests - left;
  }
}

function addSettled(run: Changing<RecordedRun>, attempts: number, ms: number): void {
  run.settled += 1;
  run.attempts += attempts;
  run.requestMs += ms;
  run.longestMs = Math.max(run.longestMs, ms);
}

/** Of a run without an end, all that was in flight may have been sent. */
function unfinishedOf(run: RecordedRun | undefined): number {
  return run?.state === "unfinished" ? run.mostInFlight : 0;
}

/** A run without an end took as long as its longest request, and as all of them in so many lanes as were in flight. */
function toSeconds({ startedAt, endedAt, requestMs, longestMs, mostInFlight }: RecordedRun): number {
  const ms =
    endedAt === undefined
      ? Math.max(longestMs, requestMs / Math.max(1, mostInFlight))
      : Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
  return ms / 1000;
}

function parse(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  const value = tryParseJson(bytes);
  return isObject(value) ? value : undefined;
}

/** Whether a line begins a run. */
export function isRunStart(line: unknown): line is RunStart & Record<string, unknown> {
  return (
    isObject(line) &&
    line.run === "started" &&
    typeof line.started_at === "string" &&
    typeof line.target === "string" &&
    (line.model === null || typeof line.model === "string") &&
    typeof line.rehearsal === "boolean" &&
    isObject(line.settings) &&
    (line.left === undefined || typeof line.left === "number") &&
    isObject(line.batch_file) &&
    typeof line.batch_file.bytes === "number" &&
    typeof line.batch_file.sha256 === "string" &&
    typeof line.batch_file.requests === "number"
  );
}

function isEnd(
  line: Readonly<Record<string, unknown>> | undefined,
): line is RunEndLine & Record<string, unknown> {
  return (
    line?.run === "ended" &&
    typeof line.ended_at === "string" &&
    (line.state === "completed" || line.state === "interrupted" || line.state === "stopped") &&
    (line.cause === null || typeof line.cause === "string") &&
    typeof line.left === "number" &&
    typeof line.cut_off === "number"
  );
}
