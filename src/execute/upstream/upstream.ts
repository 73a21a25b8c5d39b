import { readUsage } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { readExhaustedMs, type Transport, TransportFailure } from "../../http/index.js";
import { defaultMaxRetries, isOutage, type ServerAnswer } from "../../outcome/index.js";
import { type AttemptEnd, judgeAnswer, judgeFailure } from "./attempt-end.js";
import { ConcurrencyLimit } from "./concurrency-limit.js";
import type { Lane, LaneRequest } from "./lane.js";
import type { PendingRequest } from "./pending-request.js";
import { RateLimit } from "./rate-limit.js";
import { readAnswer } from "./read-answer.js";
import { Retries } from "./retries.js";
import { SendingGate } from "./sending-gate.js";
import { maxWaitMs, toRateLimitedError } from "./to-rate-limited-error.js";
import type { UpstreamEvent } from "./upstream-event.js";
import { type LaneHost, UpstreamLane } from "./upstream-lane.js";

export interface UpstreamOptions {
  readonly transport: Transport<LaneRequest>;
  /** How many attempts may be under way at once. By default it finds itself. */
  readonly concurrency?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** How often a request is sent again. By default 5, and four times as often where the server says "not now". */
  readonly maxRetries?: number | undefined;
  /** How long a server that was well may be away before that is a cause to stop, in milliseconds. Not at all by default. */
  readonly patienceMs?: number | undefined;
  readonly onEvent?: ((event: UpstreamEvent) => void) | undefined;
  /** Where the jitter comes from: 0 to 1. */
  readonly random?: (() => number) | undefined;
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
  readonly #options: UpstreamOptions;
  readonly #transport: Transport<LaneRequest>;
  readonly #limit: ConcurrencyLimit;
  readonly #rate: RateLimit | undefined;
  readonly #gate: SendingGate;
  readonly #retries: Retries;
  readonly #lanes = new Set<UpstreamLane>();
  readonly #host: LaneHost;
  #order = 0;
  #attempts = 0;
  #repeated = 0;
  #mostInFlight = 0;
  #isClosed = false;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#transport = options.transport;
    this.#limit = new ConcurrencyLimit(options.concurrency, (limit) =>
      this.#emit({ kind: "concurrency", limit }),
    );
    const hasRate = options.requestsPerMinute !== undefined || options.tokensPerMinute !== undefined;
    this.#rate = hasRate ? new RateLimit(options, performance.now()) : undefined;
    this.#gate = new SendingGate({
      limit: this.#limit,
      rate: this.#rate,
      begin: (pending, now) => this.#begin(pending, now),
    });
    this.#retries = new Retries({
      maxRetries: options.maxRetries ?? defaultMaxRetries,
      patienceMs: options.patienceMs ?? 0,
      random: options.random ?? Math.random,
      emit: (event) => this.#emit(event),
      again: (pending) => this.#gate.enterAgain(pending),
    });
    this.#host = this.#toHost();
  }

  /** What answers, without a key. */
  get target(): string {
    return this.#transport.target;
  }

  get counts(): UpstreamCounts {
    return {
      attempts: this.#attempts,
      retries: this.#repeated,
      inFlight: this.#gate.running,
      mostInFlight: this.#mostInFlight,
      concurrency: this.#limit.current,
    };
  }

  /** A run's share. Close or abort it at the end. */
  openLane(): Lane {
    const lane = new UpstreamLane(this.#host);
    if (this.#isClosed) lane.abort();
    else this.#lanes.add(lane);
    const waitMs = this.#gate.pausedUntil - performance.now();
    if (waitMs > maxWaitMs) lane.stop(toRateLimitedError(this.target, waitMs));
    return lane;
  }

  /** Aborts every lane and closes the transport. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of this.#lanes) lane.abort();
    this.#gate.close();
    await this.#transport.close();
  }

  #toHost(): LaneHost {
    return {
      target: this.target,
      takeTurn: (lane) => this.#gate.takeTurn(lane),
      refuseTurns: (lane) => this.#gate.refuseTurns(lane),
      returnTurn: () => this.#gate.returnTurn(),
      start: (pending) => this.#gate.enter(pending),
      startAgain: (pending) => this.#gate.reenter(pending),
      release: (pending) => this.#gate.release(pending),
      nextOrder: () => ++this.#order,
      maxUndecided: () => this.#limit.current + 3,
      onCause: (cause) => this.#emit({ kind: "cause", cause }),
      onEnd: (lane) => this.#lanes.delete(lane),
    };
  }

  #begin(pending: PendingRequest, now: number): void {
    pending.lane.unpark(pending);
    pending.attempts++;
    pending.sentAt = now;
    if (pending.attempts === 1) pending.firstSentAt = now;
    else this.#repeated++;
    pending.order = ++this.#order;
    pending.stamp = this.#limit.onStart(this.#gate.held);
    this.#attempts++;
    if (this.#gate.running > this.#mostInFlight) this.#mostInFlight = this.#gate.running;
    this.#transport
      .send(pending.request, pending.attempts, pending.lane.signal)
      .then(
        (answer) => this.#onAnswer(pending, answer),
        (error: unknown) => this.#onFailure(pending, error),
      )
      .catch((error: unknown) => this.#onUnexpected(pending, error));
  }

  #onAnswer(pending: PendingRequest, answer: ServerAnswer): void {
    this.#gate.onAttemptEnd();
    this.#retries.onAnswer(answer.status);
    this.#measure(pending, answer.status);
    this.#gate.learnAnswerLength(pending.request.url, answer.body.length);
    const read = readAnswer(answer);
    this.#correctTokens(pending, read?.json);
    this.#pause(readExhaustedMs(answer.header, pending.request.estimatedTokens), "its limits are used up");
    this.#end(pending, judgeAnswer(answer, read, pending));
  }

  #measure({ stamp, sentAt }: PendingRequest, status: number): void {
    const now = performance.now();
    // 500 is a mistake of the server in this request, which fewer at once would not mend.
    if (status === 429 || isOutage(status)) this.#limit.onRefusal(stamp);
    else this.#limit.onAnswer(stamp, now - sentAt, now);
  }

  #onFailure(pending: PendingRequest, error: unknown): void {
    this.#gate.onAttemptEnd();
    if (!(error instanceof TransportFailure)) return this.#onUnexpected(pending, error);
    if (error.kind === "aborted") return pending.lane.onStopped(pending);
    if (error.kind !== "too_large") this.#limit.onRefusal(pending.stamp);
    this.#end(pending, judgeFailure(error, pending));
  }

  /** Whatever goes wrong with an answer stops the lanes in good order, and not the process. */
  #onUnexpected(pending: PendingRequest, error: unknown): void {
    this.#stopAll(toUnexpected(error));
    if (!pending.isSettled) pending.lane.onStopped(pending);
  }

  #end(pending: PendingRequest, { outcome, cause, again }: AttemptEnd): void {
    if (again !== undefined) {
      this.#pause(again.waitMs, again.reason);
      const isPlanned = this.#retries.plan(pending, again);
      // What was sent is over, whatever comes next.
      this.#gate.open();
      if (isPlanned) return;
    }
    pending.lane.onOutcome(pending, outcome, cause);
  }

  /** Nothing at all is sent for so long, for all senders have the same limits. */
  #pause(waitMs: number, reason: string): void {
    if (waitMs <= 0) return;
    const now = performance.now();
    const earlier = this.#gate.pausedUntil;
    if (!this.#gate.pauseUntil(now + waitMs)) return;
    if (waitMs > maxWaitMs) this.#stopAll(toRateLimitedError(this.target, waitMs));
    // Many answers tell of the same wait, each a little later.
    if (earlier > now && now + waitMs - earlier < 1000) return;
    this.#emit({ kind: "pause", until: new Date(Date.now() + waitMs), reason });
  }

  #correctTokens({ request }: PendingRequest, json: unknown): void {
    if (this.#options.tokensPerMinute === undefined) return;
    this.#rate?.correct(request.estimatedTokens - (readUsage(json)?.total_tokens ?? 0));
  }

  #stopAll(cause: OpenbatchError): void {
    for (const lane of this.#lanes) lane.stop(cause);
  }

  #emit(event: UpstreamEvent): void {
    this.#options.onEvent?.(event);
  }
}

function toUnexpected(error: unknown): OpenbatchError {
  return new OpenbatchError("unexpected_failure", "Sending a request failed in a way that is not known.", {
    cause: error,
  });
}
