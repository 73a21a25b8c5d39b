import type { ReadingOptions } from "../../batch-file/index.js";
import { BatchFile, LineSet, selectLines } from "../../batch-file/index.js";
import type { RunPaths } from "../../files/index.js";
import type { HttpTransportOptions } from "../../http/index.js";
import { assertSameKind, assertSameRun } from "../record/assert-same-run.js";
import { describeFindings, describeLosses } from "../record/describe-findings.js";
import { type ScannedRecord, scanRecordIfThere } from "../record/read-run-record.js";
import type { RunMoment } from "../record/run-moments.js";
import type { RunEnd } from "../record/run-record.js";
import { RunRecorder } from "../record/run-recorder.js";
import { type Claim, leaveOut, readClaims } from "../results-file/claims.js";
import { removeFailedLines } from "../results-file/remove-failed-lines.js";
import { type ResultsScan, scanResults } from "../results-file/scan-results.js";
import type { Pause } from "../upstream/pauses.js";
import { UnknownModelError } from "../upstream/unknown-model-error.js";
import type { Upstream } from "../upstream/upstream.js";
import { type ExecuteBatchFileOptions, toRecordedSettings } from "./execute-options.js";
import { findModelHint } from "./find-model-hint.js";
import { findUnusable } from "./find-unusable.js";
import type { RunCost } from "./run-cost.js";
import { RunStoppedError } from "./run-stopped-error.js";
import { type RunDescription, RunSummary } from "./run-summary.js";
import type { RunCounts, RunTally } from "./run-tally.js";
import { type PendingWork, type SentRun, sendPending } from "./send-pending.js";

export interface ExecutionSettings {
  /** The batch file. */
  readonly file: string;
  /** The results file as it was named. */
  readonly output: string;
  readonly paths: RunPaths;
  readonly upstream: Upstream;
  /** What answers; `undefined` in a rehearsal. */
  readonly server: HttpTransportOptions | undefined;
  /** Of one attempt. */
  readonly timeoutMs: number;
  readonly options: ExecuteBatchFileOptions;
  /** Whether the results that are there are known to be of this server. */
  readonly isSameServer: boolean;
}

const tellMs = 1_000;
/** How often the record says how far the run is. */
const momentMs = 5_000;

/** What is known when the files are read. */
interface BeforeSending {
  readonly recorded: ScannedRecord | undefined;
  readonly claims: readonly Claim[];
  readonly warnings: readonly string[];
  readonly readingSeconds: number;
}

/** One run of a batch file whose results file is this run's own. */
export class Execution {
  readonly #settings: ExecutionSettings;

  constructor(settings: ExecutionSettings) {
    this.#settings = settings;
  }

  async run(): Promise<RunSummary> {
    const start = performance.now();
    const { file, paths, options } = this.#settings;
    const recorded = await scanRecordIfThere(paths.record);
    const prefixBytes = recorded?.record.runs.at(-1)?.batchFile.bytes;
    const batchFile = await BatchFile.open(file, { prefixBytes, ...this.#toReading() });
    try {
      const scan = await scanResults(paths, batchFile, this.#toReading());
      this.#assertMayGoOn(batchFile, scan, recorded);
      const warnings = this.#findLosses(scan, recorded);
      const claims = readClaims(paths.output);
      const selected = leaveOut(claims, selectLines(batchFile, options));
      const work = await this.#takeOutLines({ batchFile, scan, selected });
      return await this.#send(work, { recorded, claims, warnings, readingSeconds: toSeconds(start) });
    } finally {
      batchFile.close();
    }
  }

  #toReading(): ReadingOptions {
    const { output, paths, options } = this.#settings;
    const { signal, onEvent } = options;
    return {
      signal,
      onRead: ({ file, ...progress }) =>
        onEvent?.({ kind: "reading", file: file === paths.output ? output : file, ...progress }),
    };
  }

  #assertMayGoOn(batchFile: BatchFile, scan: ResultsScan, recorded: ScannedRecord | undefined): void {
    const { options, upstream, output, isSameServer } = this.#settings;
    const last = recorded?.record.runs.at(-1);
    const { target } = upstream;
    if (!isSameServer) assertSameKind(scan, { last, target, isRehearsal: isRehearsal(options), output });
    if (options.force) return;
    assertSameRun(scan, {
      last,
      target,
      model: options.model,
      batchFile,
      output,
      isRehearsal: isRehearsal(options),
    });
  }

  /** What is sent again leaves the results first: what was not executed, and failures and answers with a problem where that was asked for. */
  async #takeOutLines(work: PendingWork): Promise<PendingWork> {
    const { batchFile, scan, selected } = work;
    const { paths, options } = this.#settings;
    const unusable = options.retryProblems
      ? await findUnusable(batchFile, paths.output, options.signal)
      : undefined;
    const lines = new LineSet(batchFile.lines);
    for (let line = 1; line <= batchFile.lines; line += 1) {
      const isTaken =
        scan.unexecuted.has(line) ||
        (options.retryFailed === true && scan.failed.has(line)) ||
        unusable?.has(line) === true;
      if (isTaken && selected.has(line)) lines.add(line);
    }
    if (lines.size === 0) return work;
    await removeFailedLines(paths.output, batchFile, lines, unusable && lines);
    return { ...work, scan: await scanResults(paths, batchFile, this.#toReading()) };
  }

  /** In a rehearsal nothing is lost. */
  #findLosses(scan: ResultsScan, recorded: ScannedRecord | undefined): readonly string[] {
    const { options, output } = this.#settings;
    return isRehearsal(options) ? [] : describeLosses({ output, scan, recorded });
  }

  async #send(work: PendingWork, before: BeforeSending): Promise<RunSummary> {
    const { options, upstream } = this.#settings;
    const { recorded, warnings, readingSeconds } = before;
    const isIdle = !hasPending(work);
    const found = { ...this.#describe(work, before), warnings: isIdle ? [] : warnings };
    const recorder = isIdle ? undefined : this.#startRecorder(work, recorded);
    const cost = isIdle ? undefined : await openCost(upstream.target);
    const start = performance.now();
    const telling = setInterval(() => this.#tellUnderWay(), tellMs);
    let begun: RunCounts | undefined;
    let tally: RunTally | undefined;
    const note = (): void => {
      if (begun !== undefined) recorder?.moment(this.#toMoment(begun, tally?.counts ?? begun, cost));
    };
    const noting = setInterval(note, momentMs);
    try {
      const run = await sendPending(work, {
        lane: upstream.openLane(),
        model: options.model,
        signal: options.signal,
        onStart: (counts) => {
          begun = counts;
          options.onEvent?.({ kind: "start", ...found, counts });
        },
        onInFlight: (most) => recorder?.inFlight(most),
        onSettled: (settled, now) => {
          tally = now;
          recorder?.settled(settled);
          cost?.add(settled);
          options.onProgress?.(now.counts);
        },
      });
      note();
      recorder?.end(run, countLeft(work, run));
      const { counts, failures, problems, latencies, cutShort } = run;
      const seconds = toSeconds(start);
      const summary = new RunSummary({
        ...found,
        ...counts,
        failures,
        problems,
        cutShort,
        latencies,
        ...upstream.holdUps,
        readingSeconds,
        seconds,
      });
      if (run.end.kind === "completed") return summary;
      throw new RunStoppedError(run.end, summary, await this.#findHint(run.end));
    } finally {
      clearInterval(telling);
      clearInterval(noting);
      recorder?.close();
    }
  }

  /** Of a model that the server does not have: which ones it has. */
  async #findHint(end: RunEnd): Promise<string | undefined> {
    const { server, options } = this.#settings;
    if (server === undefined || end.kind !== "stopped" || !(end.cause instanceof UnknownModelError))
      return undefined;
    return findModelHint(end.cause.model ?? "", server, options.signal);
  }

  #tellUnderWay(): void {
    const { options, upstream, timeoutMs } = this.#settings;
    options.onEvent?.({ kind: "under_way", ...upstream.underWay, timeoutMs });
  }

  #toMoment(begun: RunCounts, counts: RunCounts, cost: RunCost | undefined): RunMoment {
    const { upstream } = this.#settings;
    const { succeeded, failed, alreadyDone, usage } = counts;
    const { requests, oldestMs } = upstream.underWay;
    const { pause } = upstream;
    return {
      at: new Date().toISOString(),
      settled: succeeded + failed - alreadyDone,
      failed: failed - begun.failed,
      tokens: usage.total_tokens,
      ...{ input_tokens: usage.input_tokens, output_tokens: usage.output_tokens },
      under_way: requests,
      ...(requests === 0 ? {} : { oldest_ms: oldestMs }),
      concurrency: upstream.counts.concurrency,
      retries: upstream.retriesByReason,
      pauses: Object.fromEntries(upstream.holdUps.pauses.map(({ reason, ms }) => [reason, ms])),
      ...(pause === undefined ? {} : { pause: toRecordedPause(pause) }),
      ...cost?.sums,
    };
  }

  /** What the results and everybody who asks are told of this run. */
  #describe(
    { batchFile, scan }: PendingWork,
    { recorded, claims }: BeforeSending,
  ): Omit<RunDescription, "warnings"> {
    const { output, paths, upstream, options } = this.#settings;
    const left = batchFile.requests - scan.done.size;
    const mayBeSentTwice = Math.min(recorded?.record.mayBeSentTwice ?? 0, left);
    return {
      batchFile: batchFile.path,
      output,
      record: paths.recordName,
      target: upstream.target,
      isRehearsal: isRehearsal(options),
      mayBeSentTwice,
      notes: describeFindings({ batchFile: batchFile.path, output, scan, recorded, claims, mayBeSentTwice }),
    };
  }

  /** None where nothing is to be sent: the same command again changes nothing. */
  #startRecorder({ batchFile, scan }: PendingWork, recorded: ScannedRecord | undefined): RunRecorder {
    const { paths, upstream, options } = this.#settings;
    const { bytes, sha256, requests } = batchFile;
    const left = requests - scan.done.size;
    return RunRecorder.start(paths.record, recorded?.wholeBytes, {
      started_at: new Date().toISOString(),
      batch_file: { bytes, sha256, requests },
      target: upstream.target,
      model: options.model ?? null,
      rehearsal: isRehearsal(options),
      settings: toRecordedSettings(options),
      left,
    });
  }
}

/** Services that have prices are far away: a server nearby need not wait until a list of prices is there. */
async function openCost(target: string): Promise<RunCost | undefined> {
  if (!target.startsWith("https:")) return undefined;
  const { RunCost } = await import("./run-cost.js");
  return RunCost.openFor(target);
}

function toRecordedPause({ reason, ms }: Pause) {
  return { reason, until: new Date(Date.now() + ms).toISOString() };
}

function toSeconds(start: number): number {
  return (performance.now() - start) / 1000;
}

function hasPending({ batchFile, scan: { done }, selected }: PendingWork): boolean {
  for (let line = 1; line <= batchFile.lines; line += 1)
    if (selected.has(line) && !done.has(line)) return true;
  return false;
}

/** Requests of the file without a result, whether this run was for them or not. */
function countLeft({ batchFile, scan }: PendingWork, { counts }: SentRun): number {
  const { succeeded, failed, alreadyDone } = counts;
  return batchFile.requests - scan.done.size - (succeeded + failed - alreadyDone);
}

function isRehearsal({ rehearse = false }: ExecuteBatchFileOptions): boolean {
  return rehearse !== false;
}
