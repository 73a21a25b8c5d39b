import { setImmediate as nextTurn } from "node:timers/promises";
import { type BatchFile, type LineSet, type LineWalker, OutlineReader } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { Latencies } from "../record/latencies.js";
import type { RunEnd } from "../record/run-record.js";
import { ResultsWriter, type Writing } from "../results-file/results-writer.js";
import type { ResultsScan } from "../results-file/scan-results.js";
import type { Lane, LaneRequest, Outcome, Withheld } from "../upstream/lane.js";
import type { FailureCount } from "./failure-counts.js";
import { Interruption } from "./interruption.js";
import { type RunCounts, RunTally } from "./run-tally.js";
import { type FinishedRequest, type SettledRequest, toSettled } from "./settled-request.js";
import { toLaneRequest } from "./to-lane-request.js";

/** A batch file, what has its result already, and what is to get one. */
export interface PendingWork {
  readonly batchFile: BatchFile;
  readonly scan: ResultsScan;
  readonly selected: LineSet;
}

export interface SendPendingOptions {
  readonly lane: Lane;
  /** Takes the place of every request's own model. */
  readonly model?: string | undefined;
  /** Whether a line of a shape that was read before is sent without being parsed. By default it is. */
  readonly usesShapes?: boolean | undefined;
  /** Sends no more when aborted, and ends what is in flight. */
  readonly signal?: AbortSignal | undefined;
  /** Is told before the first request is sent what the results files held already. */
  readonly onStart?: ((counts: RunCounts) => void) | undefined;
  /** Is told before more requests are in flight than ever in this run. */
  readonly onInFlight?: ((most: number) => void) | undefined;
  /** Is told of every result when it is written. */
  readonly onSettled?: ((settled: SettledRequest, tally: RunTally) => void) | undefined;
}

export interface SentRun {
  readonly end: RunEnd;
  readonly counts: RunCounts;
  /** Requests that were sent, and cut short: nobody knows whether they were answered. */
  readonly cutShort: number;
  /** Why requests failed, also in an earlier run. */
  readonly failures: readonly FailureCount[];
  /** How long the requests of this run took; `undefined` where none has its result. */
  readonly latencies: Latencies | undefined;
  /** What is wrong with answers of this run, the most frequent first. */
  readonly problems: readonly FailureCount[];
}

/**
 * Sends the selected requests that have no result in their order, and writes each result the moment it is known. Ends when each has
 * a result or stays pending. Throws what a callback threw, once nothing is in flight any more.
 */
export async function sendPending(work: PendingWork, options: SendPendingOptions): Promise<SentRun> {
  const writer = new ResultsWriter(work.scan);
  try {
    writer.open();
    return await new Sending(work, writer, options).run();
  } finally {
    writer.close();
  }
}

type Request = LaneRequest & { readonly custom_id: string };

const linesBetweenPauses = 50_000;
/** So many results are written together at the most, or so many characters of answers. */
const mostTogether = 16;
const mostCharactersTogether = 65_536;
/** And no more than this share of what is in flight: until it is written, a request counts as in flight. */
const shareTogether = 1 / 8;
const nothing: Writing<FinishedRequest> = { written: [], failure: undefined };

class Sending {
  readonly #work: PendingWork;
  readonly #writer: ResultsWriter;
  readonly #options: SendPendingOptions;
  readonly #tally: RunTally;
  readonly #reader: OutlineReader;
  #inFlight = 0;
  #mostInFlight = 0;
  #cutShort = 0;
  /** Why requests stay pending: what was found first. */
  #cause: OpenbatchError | undefined;
  /** What a callback threw. */
  #thrown: { readonly error: unknown } | undefined;
  #isStopped = false;
  /** Results that wait for those that come at the same moment. */
  #arrivals: FinishedRequest[] = [];
  #arrivedCharacters = 0;
  #onIdle = (): void => {};

  constructor(work: PendingWork, writer: ResultsWriter, options: SendPendingOptions) {
    this.#work = work;
    this.#writer = writer;
    this.#options = options;
    this.#reader = new OutlineReader(options.usesShapes);
    this.#tally = new RunTally(work.batchFile, work.scan, work.selected);
  }

  async run(): Promise<SentRun> {
    this.#options.onStart?.(this.#tally.counts);
    await this.#sendToTheEnd();
    if (this.#thrown !== undefined) throw this.#thrown.error;
    const { counts, failures, problems, times } = this.#tally;
    return {
      end: this.#findLoss() ?? this.#toRunEnd(counts),
      counts,
      cutShort: this.#cutShort,
      failures: failures.list(),
      problems: problems.list(),
      latencies: times.quantiles,
    };
  }

  async #sendToTheEnd(): Promise<void> {
    const { lane, signal } = this.#options;
    const interruption = new Interruption(lane, signal);
    try {
      await this.#sendAll();
    } catch (error) {
      this.#stop(error);
    }
    lane.close();
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    interruption.end();
  }

  /** Also a run that has all its answers has not ended well where they are gone. */
  #findLoss(): RunEnd | undefined {
    try {
      this.#writer.assertInPlace();
      return undefined;
    } catch (error) {
      if (!(error instanceof OpenbatchError)) throw error;
      return { kind: "stopped", cause: error };
    }
  }

  #toRunEnd({ pending }: RunCounts): RunEnd {
    if (pending === 0) return { kind: "completed" };
    const { lane, signal } = this.#options;
    const cause = this.#cause ?? lane.stopCause;
    const isInterrupted = signal?.aborted === true && !this.#isStopped;
    return isInterrupted || cause === undefined ? { kind: "interrupted" } : { kind: "stopped", cause };
  }

  async #sendAll(): Promise<void> {
    const { lane } = this.#options;
    const { batchFile, scan, selected } = this.#work;
    const lines = batchFile.createWalker();
    while (lines.step()) {
      const line = lines.number;
      // Lines that are done are gone past quickly, but there may be millions.
      if (line % linesBetweenPauses === 0) await nextTurn();
      if (!selected.has(line) || scan.done.has(line)) continue;
      const request = this.#read(lines);
      if (lane.isBlocked(request)) continue;
      if (!(await lane.ready())) return;
      if (lane.isBlocked(request)) lane.giveBack();
      else this.#send(request);
    }
  }

  #read({ number, buffer, lineStart, lineEnd, edition }: LineWalker): Request {
    const { batchFile } = this.#work;
    const outline = this.#reader.read({ buffer, start: lineStart, end: lineEnd, edition });
    if (outline?.kind === "request" && batchFile.isIdOf(number, outline.custom_id))
      return toLaneRequest(buffer, outline, this.#options);
    throw new OpenbatchError(
      "batch_file_changed",
      `${batchFile.path} was changed while it was being sent: line ${number} is another than before.`,
    );
  }

  #send(request: Request): void {
    if (this.#inFlight === this.#mostInFlight) {
      this.#mostInFlight += 1;
      this.#options.onInFlight?.(this.#mostInFlight);
    }
    this.#inFlight += 1;
    void this.#options.lane.send(request).then((outcome) => this.#settle(request, outcome));
  }

  #settle({ custom_id, model }: Request, outcome: Outcome): void {
    if (outcome.kind === "withheld") {
      this.#withhold(outcome);
      this.#free(1);
    } else this.#arrive({ custom_id, model, outcome });
  }

  #withhold({ cause, isCutShort, attempts }: Withheld): void {
    this.#cause ??= cause;
    this.#tally.addAttempts(attempts);
    if (isCutShort) this.#cutShort += 1;
  }

  /** Where many requests are in flight, many answers come at one moment: they are written at its end, together. */
  #arrive(arrival: FinishedRequest): void {
    this.#arrivals.push(arrival);
    this.#arrivedCharacters += arrival.outcome.kind === "answered" ? arrival.outcome.body.length : 0;
    const most = Math.min(mostTogether, this.#mostInFlight * shareTogether);
    if (this.#arrivals.length >= most || this.#arrivedCharacters >= mostCharactersTogether)
      this.#writeArrivals();
    else if (this.#arrivals.length === 1) setImmediate(() => this.#writeArrivals());
  }

  #writeArrivals(): void {
    const arrivals = this.#arrivals;
    if (arrivals.length === 0) return;
    this.#arrivals = [];
    this.#arrivedCharacters = 0;
    const { written, failure } = this.#isStopped ? nothing : this.#writer.write(arrivals);
    this.#cutShort += arrivals.length - written.length;
    try {
      for (const arrival of written) this.#count(toSettled(arrival));
    } catch (error) {
      this.#stop(error);
    }
    if (failure !== undefined) this.#stop(failure.error);
    this.#free(arrivals.length);
  }

  #count(settled: SettledRequest): void {
    this.#tally.add(settled);
    this.#options.onSettled?.(settled, this.#tally);
  }

  #free(count: number): void {
    this.#inFlight -= count;
    if (this.#inFlight === 0) this.#onIdle();
  }

  /** A failure on our own side, such as a full disk: nothing more can be written, so nothing more is to be sent. */
  #stop(error: unknown): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (error instanceof OpenbatchError) this.#cause = error;
    else this.#thrown = { error };
    this.#options.lane.abort();
  }
}
