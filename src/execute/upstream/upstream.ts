import { OpenbatchError } from "../../errors/index.js";
import type { Transport } from "../../http/index.js";
import { defaultMaxRetries } from "../../outcome/index.js";
import { UpstreamMeter } from "../meter/upstream-meter.js";
import { Attempts } from "./attempts.js";
import { ConcurrencyLimit } from "./concurrency-limit.js";
import type { Lane, LaneRequest } from "./lane.js";
import { type HoldUps, Pace } from "./pace.js";
import type { Pause } from "./pauses.js";
import { type Rate, RateLimit } from "./rate-limit.js";
import { AnswerReader } from "./read-answer.js";
import { Retries } from "./retries.js";
import { RetryReasons } from "./retry-reasons.js";
import { maxWaitMs, toRateLimitedError } from "./to-cause-error.js";
import { Trace } from "./trace.js";
import type { UpstreamEvent } from "./upstream-event.js";
import { type LaneHost, UpstreamLane } from "./upstream-lane.js";

export interface UpstreamOptions {
  readonly transport: Transport<LaneRequest>;
  /** How many attempts may be under way at once. By default it finds itself. */
  readonly concurrency?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** Takes the place of both: a limit that is not this process's alone. */
  readonly rate?: Rate | undefined;
  /** The most memory for the bodies of what is under way. By default a sixteenth of what there is, and at least 64 MiB. */
  readonly bytesInFlight?: number | undefined;
  /** How often a request is sent again. By default 5, and four times as often where the server says "not now". */
  readonly maxRetries?: number | undefined;
  /** How long a server that was well may be away before that is a cause to stop, in milliseconds. Not at all by default. */
  readonly patienceMs?: number | undefined;
  /** Whether an answer of a shape that was seen before is read without being parsed. By default it is. */
  readonly usesShapes?: boolean | undefined;
  readonly onEvent?: ((event: UpstreamEvent) => void) | undefined;
  /** Where the jitter comes from: 0 to 1. */
  readonly random?: (() => number) | undefined;
  /** Is told of each move of a request. By default standard error, where the environment has `OPENBATCH_TRACE=1`. */
  readonly trace?: Trace | undefined;
}

/** What an upstream did so far. */
export interface UpstreamCounts {
  readonly attempts: number;
  /** Attempts beyond the first of a request. */
  readonly retries: number;
  /** Attempts under way now. */
  readonly inFlight: number;
  /** The most there ever were at once. */
  readonly mostInFlight: number;
  /** How many there may be. */
  readonly concurrency: number;
}

/** What all runs against one server share: its concurrency, its rate limits, its pauses, and the fair turns of their lanes. */
export class Upstream {
  /** What was done so far. */
  readonly meter = new UpstreamMeter();
  readonly #options: UpstreamOptions;
  readonly #transport: Transport<LaneRequest>;
  readonly #limit: ConcurrencyLimit;
  readonly #pace: Pace;
  readonly #lanes = new Set<UpstreamLane>();
  readonly #host: LaneHost;
  readonly #trace: Trace | undefined;
  readonly #retryReasons = new RetryReasons();
  #order = 0;
  #isClosed = false;

  constructor(options: UpstreamOptions) {
    const { transport, maxRetries = defaultMaxRetries, patienceMs = 0, random = Math.random } = options;
    this.#options = options;
    this.#transport = transport;
    this.#trace = options.trace ?? Trace.ofEnvironment();
    const emit = (event: UpstreamEvent): void => this.#emit(event);
    this.#limit = new ConcurrencyLimit(options.concurrency, (limit) => emit({ kind: "concurrency", limit }));
    const attempts = new Attempts(transport, new AnswerReader(options.usesShapes), (request, error) => {
      this.#onUnexpected(error);
      if (request.state === "under way") request.withhold(request.owner.stopCause);
    });
    this.#pace = new Pace(attempts, {
      limit: this.#limit,
      rate: createRate(options),
      meter: this.meter,
      bytesInFlight: options.bytesInFlight,
      nextOrder: () => ++this.#order,
      emit,
      onLongWait: (waitMs) => this.#stopAll(toRateLimitedError(this.target, waitMs)),
    });
    const retries = new Retries(this.#pace, { maxRetries, patienceMs, random, meter: this.meter, emit });
    this.#host = this.#toHost(retries);
  }

  /** What answers, without a key. */
  get target(): string {
    return this.#transport.target;
  }

  get counts(): UpstreamCounts {
    return { ...this.#pace.counts, concurrency: this.#limit.current };
  }

  /** What kept requests from being sent. */
  get holdUps(): HoldUps {
    return this.#pace.holdUps;
  }

  /** Why nothing is sent now, and for how long still; `undefined` where there is no pause. */
  get pause(): Pause | undefined {
    return this.#pace.pause;
  }

  /** How often requests were to be sent again, by what had happened. */
  get retriesByReason(): Readonly<Record<string, number>> {
    return this.#retryReasons.list();
  }

  /** How many attempts are with the server, and for how long the oldest. */
  get underWay(): { readonly requests: number; readonly oldestMs: number } {
    const began = [...this.#lanes]
      .flatMap((lane) => [...lane.requests])
      .filter(({ state }) => state === "under way")
      .map(({ sentAt }) => sentAt);
    const oldest = began.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
    return { requests: began.length, oldestMs: Math.max(0, Math.round(performance.now() - oldest)) };
  }

  /** A run's share. Close or abort it at the end. */
  openLane(): Lane {
    const lane = new UpstreamLane(this.#host);
    if (this.#isClosed) lane.abort();
    else this.#lanes.add(lane);
    const waitMs = this.#pace.askedMs;
    if (waitMs > maxWaitMs) lane.stop(toRateLimitedError(this.target, waitMs));
    return lane;
  }

  /** Aborts every lane and closes the transport. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of this.#lanes) lane.abort();
    this.#pace.close();
    await this.#transport.close();
  }

  #toHost(below: Retries): LaneHost {
    return {
      target: this.target,
      pace: this.#pace,
      meter: this.meter,
      below,
      nextOrder: () => ++this.#order,
      maxUndecided: () => this.#limit.current + 3,
      onMove: (request, from) => this.#trace?.move(request, from),
      onCause: (cause) => this.#emit({ kind: "cause", cause }),
      onUnexpected: (error) => this.#onUnexpected(error),
      onEnd: (lane) => this.#lanes.delete(lane),
    };
  }

  #onUnexpected(error: unknown): void {
    this.#stopAll(
      new OpenbatchError("unexpected_failure", "Sending a request failed in a way that is not known.", {
        cause: error,
      }),
    );
  }

  #stopAll(cause: OpenbatchError): void {
    for (const lane of this.#lanes) lane.stop(cause);
  }

  #emit(event: UpstreamEvent): void {
    this.#trace?.event(event);
    if (event.kind === "retry") this.#retryReasons.add(event.reason);
    this.#options.onEvent?.(event);
  }
}

function createRate(options: UpstreamOptions): Rate | undefined {
  if (options.rate !== undefined) return options.rate;
  const hasRate = options.requestsPerMinute !== undefined || options.tokensPerMinute !== undefined;
  return hasRate ? new RateLimit(options, performance.now()) : undefined;
}
