import { OpenbatchError } from "../errors/index.js";
import { ConcurrencyLimit } from "./concurrency-limit.js";
import type { Answered, Lane, Unanswered } from "./lane.js";
import type { PendingRequest } from "./pending-request.js";
import { RateLimit } from "./rate-limit.js";
import { type AnswerBody, readAnswer } from "./read-answer.js";
import { type Cause, recogniseCause } from "./recognise-cause.js";
import { backoffMs, defaultMaxRetries, isNotNow, isWorthRetrying, RetryBudget } from "./retry-policy.js";
import { SendingGate } from "./sending-gate.js";
import { type Transport, type TransportAnswer, TransportFailure } from "./transport.js";
import type { UpstreamEvent } from "./upstream-event.js";
import { type LaneHost, type LaneOptions, UpstreamLane } from "./upstream-lane.js";

export interface UpstreamOptions {
  readonly transport: Transport;
  /** How many attempts may be under way at once. By default it finds itself. */
  readonly concurrency?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** How often a request is sent again. By default 5, and four times as often where the server says "not now". */
  readonly maxRetries?: number | undefined;
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

/** A server that was never heard of is not given long: most likely it is not running. */
const retriesBeforeFirstAnswer = 2;

/** What all runs against one server share: its concurrency, its rate limits, its pauses, and the fair turns of their lanes. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #transport: Transport;
  readonly #limit: ConcurrencyLimit;
  readonly #rate: RateLimit | undefined;
  readonly #gate: SendingGate;
  readonly #random: () => number;
  readonly #maxRetries: number;
  readonly #lanes = new Set<UpstreamLane>();
  readonly #host: LaneHost;
  #order = 0;
  #attempts = 0;
  #retries = 0;
  #mostInFlight = 0;
  #wasAnswered = false;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#transport = options.transport;
    this.#random = options.random ?? Math.random;
    this.#maxRetries = options.maxRetries ?? defaultMaxRetries;
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
    this.#host = this.#toHost();
  }

  /** What answers, without a key. */
  get target(): string {
    return this.#transport.target;
  }

  get counts(): UpstreamCounts {
    return {
      attempts: this.#attempts,
      retries: this.#retries,
      inFlight: this.#gate.running,
      mostInFlight: this.#mostInFlight,
      concurrency: this.#limit.current,
    };
  }

  /** A run's share. Close or abort it at the end. */
  openLane(options: LaneOptions = {}): Lane {
    const lane = new UpstreamLane(this.#host, options);
    this.#lanes.add(lane);
    return lane;
  }

  /** Aborts every lane and closes the transport. */
  async close(): Promise<void> {
    for (const lane of this.#lanes) lane.abort();
    this.#gate.close();
    await this.#transport.close();
  }

  #toHost(): LaneHost {
    const upstream = this;
    return {
      target: this.target,
      takeTurn: (lane) => this.#gate.takeTurn(lane),
      refuseTurns: (lane) => this.#gate.refuseTurns(lane),
      returnTurn: () => this.#gate.returnTurn(),
      start: (pending) => this.#gate.enter(pending),
      release: (pending) => this.#gate.release(pending),
      nextOrder: () => ++this.#order,
      get maxUndecided() {
        return upstream.#limit.current + 3;
      },
      onCause: (cause) => this.#emit({ kind: "cause", cause }),
    };
  }

  #begin(pending: PendingRequest, now: number): void {
    pending.lane.unpark(pending);
    pending.attempts++;
    pending.sentAt = now;
    if (pending.attempts === 1) pending.firstSentAt = now;
    else this.#retries++;
    pending.order = ++this.#order;
    pending.stamp = this.#limit.onStart(this.#gate.running);
    this.#attempts++;
    if (this.#gate.running > this.#mostInFlight) this.#mostInFlight = this.#gate.running;
    this.#transport.send(pending.request, pending.attempts, pending.lane.signal).then(
      (answer) => this.#onAnswer(pending, answer),
      (error: unknown) => this.#onFailure(pending, error),
    );
  }

  #onAnswer(pending: PendingRequest, answer: TransportAnswer): void {
    this.#gate.onAttemptEnd();
    this.#wasAnswered = true;
    this.#measure(pending, answer.status);
    this.#gate.learnAnswerLength(pending.request.url, answer.body.length);
    const read = readAnswer(answer);
    if (read === undefined) this.#onUnreadable(pending, answer);
    else if (answer.status >= 200 && answer.status < 300) this.#end(pending, answer, read, undefined);
    else this.#onError(pending, answer, read);
  }

  #measure({ stamp, sentAt }: PendingRequest, status: number): void {
    const now = performance.now();
    if (isNotNow(status)) this.#limit.onRefusal(stamp);
    else this.#limit.onAnswer(stamp, now - sentAt, now);
  }

  #onError(pending: PendingRequest, answer: TransportAnswer, read: AnswerBody): void {
    const cause = recogniseCause(answer.status, read.json, pending.request);
    const kind = isNotNow(answer.status) ? "not now" : "failure";
    const mayRetry = cause?.kind !== "quota" && isWorthRetrying(answer);
    if (mayRetry && this.#retry(pending, kind, `status ${answer.status}`)) return;
    this.#end(pending, answer, read, cause);
  }

  #end(pending: PendingRequest, answer: TransportAnswer, read: AnswerBody, cause: Cause | undefined): void {
    const outcome: Answered = {
      kind: "answered",
      status: answer.status,
      requestId: answer.header("x-request-id") ?? `req_${crypto.randomUUID().replaceAll("-", "")}`,
      body: read.body,
      json: read.json,
      ...pending.toAttempts(),
    };
    pending.lane.onOutcome(pending, outcome, cause);
  }

  #onUnreadable(pending: PendingRequest, answer: TransportAnswer): void {
    const what = `status ${answer.status} with a body of ${answer.body.length} characters that is no JSON`;
    if (this.#retry(pending, "failure", what)) return;
    this.#fail(pending, "invalid_response_body", `The server answered with ${what}.`, undefined);
  }

  #onFailure(pending: PendingRequest, error: unknown): void {
    this.#gate.onAttemptEnd();
    if (error instanceof TransportFailure && error.kind !== "aborted") {
      return this.#onTransportFailure(pending, error);
    }
    if (!(error instanceof TransportFailure)) this.#stopAll(toUnexpected(error));
    pending.lane.onStopped(pending);
  }

  #onTransportFailure(pending: PendingRequest, failure: TransportFailure): void {
    const { kind, message, systemCode } = failure;
    if (kind === "too_large") {
      return this.#fail(
        pending,
        "response_too_large",
        `The server's answer is too large: ${message}.`,
        undefined,
      );
    }
    this.#limit.onRefusal(pending.stamp);
    const reason = `${message}${systemCode === undefined ? "" : ` (${systemCode})`}`;
    if (this.#retry(pending, "failure", reason)) return;
    const cause: Cause = { kind: "server", seen: message, systemCode };
    if (kind === "timeout") this.#fail(pending, "request_timeout", `There was ${reason}.`, cause);
    else this.#fail(pending, "connection_failed", `The connection failed: ${reason}.`, cause);
  }

  #fail(pending: PendingRequest, code: string, message: string, cause: Cause | undefined): void {
    const outcome: Unanswered = { kind: "unanswered", error: { code, message }, ...pending.toAttempts() };
    pending.lane.onOutcome(pending, outcome, cause);
  }

  /** Whether there is another attempt, or the request was withheld instead. */
  #retry(pending: PendingRequest, kind: "failure" | "not now", reason: string): boolean {
    const maxRetries = this.#wasAnswered
      ? this.#maxRetries
      : Math.min(this.#maxRetries, retriesBeforeFirstAnswer);
    pending.budget ??= new RetryBudget(maxRetries);
    if (!pending.budget.spend(kind)) return false;
    if (!pending.lane.park(pending)) return true;
    const delayMs = backoffMs(pending.attempts, this.#random);
    const { custom_id } = pending.request;
    this.#emit({ kind: "retry", custom_id, attempt: pending.attempts, delayMs, reason });
    pending.timer = setTimeout(() => this.#gate.enterAgain(pending), delayMs);
    this.#gate.open();
    return true;
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
