import type { LineSet } from "../../batch-file/index.js";
import { BatchFile, type Selection, selectLines } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { RunEnd } from "../record/run-record.js";
import { ResultsWriter } from "../results-file/results-writer.js";
import { type ResultsPaths, type ResultsScan, scanResults } from "../results-file/scan-results.js";
import type { Lane } from "../upstream/lane.js";
import type { FailureCount } from "./failure-counts.js";
import type { Latencies } from "./latencies.js";
import { type RunCounts, RunTally } from "./run-tally.js";
import { Sending, type SettledRequest } from "./send-requests.js";

export interface RunBatchFileOptions extends ResultsPaths {
  /** The batch file. One that is open already stays so. */
  readonly requests: string | BatchFile;
  readonly lane: Lane;
  /** Takes the place of every request's own model. */
  readonly model?: string | undefined;
  readonly select?: Selection;
  /** Sends no more when aborted, and ends what is in flight. */
  readonly signal?: AbortSignal | undefined;
  /** Is told before the first request is sent what the results files held already. */
  readonly onStart?: (counts: RunCounts) => void;
  /** Is told of every result when it is written. */
  readonly onSettled?: (settled: SettledRequest) => void;
}

export interface BatchFileRun {
  readonly end: RunEnd;
  readonly counts: RunCounts;
}

/**
 * Sends every request of a batch file that has no result yet, and writes the results, without a lock, a record or a word to
 * anybody: who calls it keeps two runs from one results file.
 *
 * @throws OpenbatchError `invalid_batch_file`, `empty_file`, `not_a_results_file`, or why a file cannot be read.
 */
export async function runBatchFile(options: RunBatchFileOptions): Promise<BatchFileRun> {
  const { requests, select = {}, signal } = options;
  const batchFile = typeof requests === "string" ? await BatchFile.open(requests, { signal }) : requests;
  try {
    const scan = await scanResults(options, batchFile, { signal });
    return await sendPending({ batchFile, scan, selected: selectLines(batchFile, select) }, options);
  } finally {
    if (batchFile !== requests) batchFile.close();
  }
}

export interface PendingWork {
  readonly batchFile: BatchFile;
  readonly scan: ResultsScan;
  readonly selected: LineSet;
}

export interface SendPendingOptions extends Pick<RunBatchFileOptions, "lane" | "model" | "signal"> {
  /** Is told before more requests are in flight than ever in this run. */
  readonly onInFlight?: (most: number) => void;
  readonly onStart?: (counts: RunCounts) => void;
  readonly onSettled?: (settled: SettledRequest, tally: RunTally) => void;
}

export interface SentRun extends BatchFileRun {
  /** Requests that were sent, and cut short: nobody knows whether they were answered. */
  readonly cutShort: number;
  /** Why requests failed, also in an earlier run. */
  readonly failures: readonly FailureCount[];
  /** How long the requests of this run took; `undefined` where none has its result. */
  readonly latencies: Latencies | undefined;
  /** What is wrong with answers of this run, the most frequent first. */
  readonly problems: readonly FailureCount[];
}

/** What {@link runBatchFile} does when it has read what is there. */
export async function sendPending(
  { batchFile, scan, selected }: PendingWork,
  { lane, model, signal, onStart, onInFlight = () => {}, onSettled }: SendPendingOptions,
): Promise<SentRun> {
  const tally = new RunTally(batchFile, scan, selected);
  const writer = new ResultsWriter(scan);
  try {
    writer.open();
    onStart?.(tally.counts);
    const { cause, cutShort } = await new Sending(batchFile, {
      lane,
      writer,
      isWanted: (line) => selected.has(line) && !scan.done.has(line),
      model,
      signal,
      onInFlight,
      onSettled: (settled) => {
        tally.add(settled);
        onSettled?.(settled, tally);
      },
      onWithheld: (attempts) => tally.addAttempts(attempts),
    }).run();
    const { counts, failures, problems, times } = tally;
    return {
      end: findLoss(writer) ?? toRunEnd(counts, cause),
      counts,
      cutShort,
      failures: failures.list(),
      problems: problems.list(),
      latencies: times.latencies,
    };
  } finally {
    writer.close();
  }
}

/** Also a run that has all its answers has not ended well where they are gone. */
function findLoss(writer: ResultsWriter): RunEnd | undefined {
  try {
    writer.assertInPlace();
    return undefined;
  } catch (error) {
    if (!(error instanceof OpenbatchError)) throw error;
    return { kind: "stopped", cause: error };
  }
}

function toRunEnd({ pending }: RunCounts, cause: OpenbatchError | undefined): RunEnd {
  if (pending === 0) return { kind: "completed" };
  return cause === undefined ? { kind: "interrupted" } : { kind: "stopped", cause };
}
