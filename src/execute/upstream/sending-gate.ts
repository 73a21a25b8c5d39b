import { BytesInFlight } from "./bytes-in-flight.js";
import type { ConcurrencyLimit } from "./concurrency-limit.js";
import type { PendingRequest } from "./pending-request.js";
import type { RateLimit } from "./rate-limit.js";
import { Turns } from "./turns.js";
import type { UpstreamLane } from "./upstream-lane.js";

export interface SendingGateOptions {
  readonly limit: ConcurrencyLimit;
  readonly rate: RateLimit | undefined;
  /** Called when an attempt may begin. */
  readonly begin: (pending: PendingRequest, now: number) => void;
}

/** Node's timers take no more. */
const maxTimerMs = 2 ** 31 - 1;

const granted = Promise.resolve(true);

/**
 * When a turn may be granted and an attempt may begin: within the concurrency, the rates and the memory for bodies, and not
 * in a pause. A turn is held until its request is settled or left undecided, also while it waits for its next attempt: a
 * server in trouble is not sent more and more.
 */
export class SendingGate {
  readonly #options: SendingGateOptions;
  readonly #turns = new Turns<UpstreamLane>();
  readonly #bytes = new BytesInFlight();
  /** Requests whose attempt may begin as soon as there is room. */
  readonly #due: PendingRequest[] = [];
  /** Turns that are held. */
  #held = 0;
  /** Of them, those whose request was not sent yet. */
  #unused = 0;
  /** Attempts under way. */
  #running = 0;
  #pausedUntil = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #averageTokens = 0;

  constructor(options: SendingGateOptions) {
    this.#options = options;
  }

  get held(): number {
    return this.#held;
  }

  get running(): number {
    return this.#running;
  }

  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  takeTurn(lane: UpstreamLane): Promise<boolean> {
    if (!this.#turns.isEmpty || this.#due.length > 0 || !this.#hasTurn()) return this.#turns.wait(lane);
    this.#grant(lane);
    return granted;
  }

  refuseTurns(lane: UpstreamLane): void {
    this.#turns.refuse(lane);
  }

  returnTurn(): void {
    this.#held--;
    this.#unused--;
    this.open();
  }

  /** Lets the first attempt of a request begin, now or as soon as there is room. */
  enter(pending: PendingRequest): void {
    this.#unused--;
    const { url, body, estimatedTokens } = pending.request;
    pending.bytes = this.#bytes.reserve(url, body.length);
    this.#averageTokens += (estimatedTokens - this.#averageTokens) * 0.1;
    this.enterAgain(pending);
  }

  /** As {@link enter}, of a request whose turn was released: it takes one more, whether or not there is one. */
  reenter(pending: PendingRequest): void {
    this.#held++;
    this.#unused++;
    this.enter(pending);
  }

  enterAgain(pending: PendingRequest): void {
    const now = performance.now();
    if (this.#due.length === 0 && this.#mayBegin(pending, now)) return this.#begin(pending, now);
    if (!pending.lane.park(pending)) return;
    this.#due.push(pending);
    this.open();
  }

  onAttemptEnd(): void {
    this.#running--;
  }

  /** Frees the turn and the memory of a request that is settled or left undecided. */
  release(pending: PendingRequest): void {
    this.#held--;
    this.#bytes.release(pending.bytes);
    this.open();
  }

  learnAnswerLength(url: string, length: number): void {
    this.#bytes.learn(url, length);
  }

  /** @param time on the clock of `performance.now()`. Whether the pause grew. */
  pauseUntil(time: number): boolean {
    if (time <= this.#pausedUntil) return false;
    this.#pausedUntil = time;
    return true;
  }

  /** Begins what may begin, and grants what may be granted. */
  open(): void {
    this.#beginDue();
    while (this.#due.length === 0 && !this.#turns.isEmpty && this.#hasTurn()) {
      const next = this.#turns.next();
      if (next === undefined) return;
      this.#grant(next.taker);
      next.grant(true);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #beginDue(): void {
    const now = performance.now();
    for (let next = this.#due[0]; next !== undefined; next = this.#due[0]) {
      if (!next.isSettled && !this.#mayBegin(next, now)) return;
      this.#due.shift();
      if (!next.isSettled) this.#begin(next, now);
    }
  }

  #begin(pending: PendingRequest, now: number): void {
    this.#running++;
    this.#options.rate?.take(pending.request.estimatedTokens, now);
    this.#options.begin(pending, now);
  }

  #grant(lane: UpstreamLane): void {
    this.#held++;
    this.#unused++;
    lane.onGrant();
  }

  #mayBegin(pending: PendingRequest, now: number): boolean {
    if (this.#running >= this.#options.limit.current) return false;
    return this.#isPassed(this.#waitMs(1, pending.request.estimatedTokens, now), now);
  }

  #hasTurn(): boolean {
    if (this.#held >= this.#options.limit.current) return false;
    if (this.#held > 0 && !this.#bytes.hasRoom(this.#unused)) return false;
    if (this.#pausedUntil === 0 && this.#options.rate === undefined) return true;
    const now = performance.now();
    const requests = this.#unused + 1;
    return this.#isPassed(this.#waitMs(requests, requests * this.#averageTokens, now), now);
  }

  #waitMs(requests: number, tokens: number, now: number): number {
    const pauseMs = this.#pausedUntil - now;
    const rateMs = this.#options.rate?.waitMs(requests, tokens, now) ?? 0;
    return Math.max(pauseMs, rateMs);
  }

  /** Comes back when the wait is over. */
  #isPassed(waitMs: number, now: number): boolean {
    if (waitMs <= 0) return true;
    this.#wake(now + waitMs);
    return false;
  }

  #wake(time: number): void {
    if (this.#timer !== undefined && this.#wakeAt <= time) return;
    clearTimeout(this.#timer);
    this.#wakeAt = time;
    const delayMs = Math.min(maxTimerMs, Math.max(1, Math.ceil(time - performance.now())));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.open();
    }, delayMs);
  }
}
