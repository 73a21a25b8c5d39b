import { setImmediate as nextTurn } from "node:timers/promises";
import { readUsage, recogniseEndpoint, type Usage } from "../../api/index.js";
import type { BatchFile } from "../../batch-file/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { FailureName } from "../../outcome/index.js";
import {
  findProblem,
  judgeResponse,
  judgeUnanswered,
  nameFailure,
  readAnswerParts,
} from "../../outcome/index.js";
import type { Arrival, ResultsWriter, Writing } from "../results-file/results-writer.js";
import type { Answered, Lane, LaneRequest, Outcome, Unanswered, Withheld } from "../upstream/lane.js";
import { toLaneRequest } from "./to-lane-request.js";

/** A request whose result has just been written. */
export interface SettledRequest {
  readonly custom_id: string;
  readonly succeeded: boolean;
  /** Why it failed, if it did. */
  readonly failure: FailureName | undefined;
  /** What is wrong with the answer of a success, as far as it shows without its format: that it was cut off, filtered, refused or empty. */
  readonly problem: FailureName | undefined;
  readonly usage: Usage | undefined;
  /** How often it was sent in this run. */
  readonly attempts: number;
  /** From the first attempt to the end, in milliseconds. */
  readonly ms: number;
}

export interface SendOptions {
  readonly lane: Lane;
  readonly writer: ResultsWriter;
  /** Whether the request of a line is to be sent. */
  readonly isWanted: (line: number) => boolean;
  readonly model: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Is told before more requests are in flight than ever in this run. */
  readonly onInFlight: (most: number) => void;
  readonly onSettled: (settled: SettledRequest) => void;
  /** Is told how often a request was sent that stays pending all the same. */
  readonly onWithheld: (attempts: number) => void;
}

/** How the sending ended. */
export interface SendingEnd {
  /** Why requests are still pending; `undefined` where none is, or where the signal or the lane's owner ended it. */
  readonly cause: OpenbatchError | undefined;
  /** Requests that were sent and whose outcome is not known: their turn was cut short. */
  readonly cutShort: number;
}

type Request = LaneRequest & { readonly custom_id: string };

interface FinishedArrival extends Arrival {
  readonly url: string;
  readonly outcome: Answered | Unanswered;
}

/** What is under way at an interruption may take so long to end. */
const gracePeriodMs = 30_000;
const linesBetweenPauses = 50_000;
/** So many results are written together at the most, or so many characters of answers. */
const mostTogether = 16;
const mostCharactersTogether = 65_536;
/** And no more than this share of what is in flight: until it is written, a request counts as in flight. */
const shareTogether = 1 / 8;
const nothing: Writing<FinishedArrival> = { written: [], failure: undefined };

/**
 * Sends the wanted requests of a batch file in their order, and writes each result the moment it is known. Ends when each has
 * a result or stays pending. Throws what a callback threw, once nothing is in flight any more.
 */
export class Sending {
  readonly #batchFile: BatchFile;
  readonly #options: SendOptions;
  #inFlight = 0;
  #mostInFlight = 0;
  #cutShort = 0;
  /** Why requests stay pending: what was found first. */
  #cause: OpenbatchError | undefined;
  /** What a callback threw. */
  #thrown: { readonly error: unknown } | undefined;
  #isStopped = false;
  /** Results that wait for those that come at the same moment. */
  #arrivals: FinishedArrival[] = [];
  #arrivedCharacters = 0;
  #onIdle = (): void => {};

  constructor(batchFile: BatchFile, options: SendOptions) {
    this.#batchFile = batchFile;
    this.#options = options;
  }

  async run(): Promise<SendingEnd> {
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
    if (this.#thrown !== undefined) throw this.#thrown.error;
    const isInterrupted = signal?.aborted === true && !this.#isStopped;
    return { cause: isInterrupted ? undefined : (this.#cause ?? lane.stopCause), cutShort: this.#cutShort };
  }

  async #sendAll(): Promise<void> {
    const { lane, isWanted } = this.#options;
    const lines = this.#batchFile.createWalker();
    while (lines.step()) {
      const line = lines.number;
      // Lines that are done are gone past quickly, but there may be millions.
      if (line % linesBetweenPauses === 0) await nextTurn();
      if (!isWanted(line)) continue;
      const request = this.#read(line, lines.bytes);
      if (lane.isBlocked(request)) continue;
      if (!(await lane.ready())) return;
      if (lane.isBlocked(request)) lane.giveBack();
      else this.#send(request);
    }
  }

  #read(line: number, bytes: Buffer): Request {
    const request = toLaneRequest(bytes, this.#options);
    if (request !== undefined && this.#batchFile.isIdOf(line, request.custom_id)) return request;
    throw new OpenbatchError(
      "batch_file_changed",
      `${this.#batchFile.path} was changed while it was being sent: line ${line} is another than before.`,
    );
  }

  #send(request: Request): void {
    if (this.#inFlight === this.#mostInFlight) {
      this.#mostInFlight += 1;
      this.#options.onInFlight(this.#mostInFlight);
    }
    this.#inFlight += 1;
    void this.#options.lane.send(request).then((outcome) => this.#settle(request, outcome));
  }

  #settle({ custom_id, url }: Request, outcome: Outcome): void {
    if (outcome.kind === "withheld") {
      this.#withhold(outcome);
      this.#free(1);
    } else this.#arrive({ custom_id, url, outcome });
  }

  #withhold({ cause, isCutShort, attempts }: Withheld): void {
    this.#cause ??= cause;
    this.#options.onWithheld(attempts);
    if (isCutShort) this.#cutShort += 1;
  }

  /** Where many requests are in flight, many answers come at one moment: they are written at its end, together. */
  #arrive(arrival: FinishedArrival): void {
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
    const { written, failure } = this.#isStopped ? nothing : this.#options.writer.write(arrivals);
    this.#cutShort += arrivals.length - written.length;
    try {
      for (const arrival of written) this.#options.onSettled(toSettled(arrival));
    } catch (error) {
      this.#stop(error);
    }
    if (failure !== undefined) this.#stop(failure.error);
    this.#free(arrivals.length);
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

function toSettled({ custom_id, url, outcome }: FinishedArrival): SettledRequest {
  const { attempts, ms } = outcome;
  const judged = outcome.kind === "answered" ? judgeResponse(outcome) : judgeUnanswered(outcome.error);
  const failure = nameFailure(judged);
  const problem = judged.status === "succeeded" ? findOwnProblem(url, judged.body) : undefined;
  const usage = outcome.kind === "unanswered" ? undefined : readUsage(outcome.json);
  return { custom_id, succeeded: failure === undefined, failure, problem, usage, attempts, ms };
}

function findOwnProblem(url: string, body: Readonly<Record<string, unknown>>): FailureName | undefined {
  const endpoint = recogniseEndpoint(url);
  // To read embeddings is to decode them all.
  if (endpoint === "/v1/embeddings") return undefined;
  const problem = findProblem(readAnswerParts(endpoint, body));
  return problem && { statusCode: undefined, code: problem.code };
}

/** Sends nothing more when the signal is aborted, and ends what is under way when it takes too long. */
class Interruption {
  readonly #lane: Lane;
  readonly #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(lane: Lane, signal: AbortSignal | undefined) {
    this.#lane = lane;
    this.#signal = signal;
    if (signal?.aborted) this.#begin();
    else signal?.addEventListener("abort", this.#begin, { once: true });
  }

  end(): void {
    this.#signal?.removeEventListener("abort", this.#begin);
    clearTimeout(this.#timer);
  }

  readonly #begin = (): void => {
    this.#lane.drain();
    this.#timer = setTimeout(() => this.#lane.abort(), gracePeriodMs);
  };
}
