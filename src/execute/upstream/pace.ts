import type { Usage } from "../../api/index.js";
import type { HoldingLimit } from "../meter/held-time.js";
import type { UpstreamMeter } from "../meter/upstream-meter.js";
import { BytesInFlight } from "./bytes-in-flight.js";
import type { ConcurrencyLimit } from "./concurrency-limit.js";
import type { LaneRequest } from "./lane.js";
import type { AttemptEnd, Back, Ended, Layer } from "./layer.js";
import { type Pause, Pauses } from "./pauses.js";
import type { Rate } from "./rate-limit.js";
import type { RequestUnderWay } from "./request-under-way.js";
import { maxWaitMs } from "./to-cause-error.js";
import { Turns } from "./turns.js";
import type { UpstreamEvent } from "./upstream-event.js";
import { WakeTimer } from "./wake-timer.js";

export interface PaceOptions {
  readonly limit: ConcurrencyLimit;
  readonly rate: Rate | undefined;
  readonly meter: UpstreamMeter;
  /** The most memory for bodies; by default a share of what there is. */
  readonly bytesInFlight: number | undefined;
  /** Counts on in the order of all that happens. */
  readonly nextOrder: () => number;
  readonly emit: (event: UpstreamEvent) => void;
  /** Called where the server asks for more patience than a run has. */
  readonly onLongWait: (waitMs: number) => void;
}

/** What kept requests from being sent, beside concurrency and rates. */
export interface HoldUps {
  /** Set where the memory for bodies did: how many requests were under way then at the most, and how much memory it is. */
  readonly memory: { readonly requests: number; readonly bytes: number } | undefined;
  readonly pauses: readonly Pause[];
}

/** Who asks for turns. */
export interface TurnTaker {
  /** Is told of a turn before who waits for it. */
  onGrant(): void;
}

interface Due {
  readonly request: RequestUnderWay;
  readonly back: Back;
}

const granted = Promise.resolve(true);

/**
 * The layer that says when a turn is granted and an attempt begins: within the concurrency, the rates and the memory for
 * bodies, and not in a pause. A request has its turn until it is settled, withheld or left undecided, also while it waits for
 * its next attempt: a server in trouble is not sent more and more.
 */
export class Pace implements Layer {
  readonly #below: Layer;
  readonly #options: PaceOptions;
  readonly #turns = new Turns<TurnTaker>();
  readonly #bytes: BytesInFlight;
  /** Requests whose attempt may begin as soon as there is room. */
  readonly #due: Due[] = [];
  /** Turns that are held. */
  #held = 0;
  /** Of them, those whose request is not known yet. */
  #unused = 0;
  /** Attempts under way. */
  #running = 0;
  #mostRunning = 0;
  #attempts = 0;
  #retries = 0;
  #pausedUntil = 0;
  /** What the server has asked for, where it is longer than a pause is. */
  #askedUntil = 0;
  readonly #wake = new WakeTimer(() => this.open());
  #averageTokens = 0;
  /** The most turns there were when the memory for bodies allowed no more. */
  #heldByMemory = 0;
  readonly #pauses = new Pauses();
  /** Why the last one that was asked about may not go. */
  #heldBy: HoldingLimit | undefined;

  constructor(below: Layer, options: PaceOptions) {
    this.#below = below;
    this.#options = options;
    this.#bytes = new BytesInFlight(options.bytesInFlight);
  }

  get counts() {
    return {
      attempts: this.#attempts,
      retries: this.#retries,
      inFlight: this.#running,
      mostInFlight: this.#mostRunning,
    };
  }

  /** What kept requests from being sent, beside the limit. */
  get holdUps(): HoldUps {
    const memory =
      this.#heldByMemory === 0 ? undefined : { requests: this.#heldByMemory, bytes: this.#bytes.maxBytes };
    return { memory, pauses: this.#pauses.list(performance.now()) };
  }

  /** Why nothing is sent now, and for how long still. */
  get pause(): Pause | undefined {
    return this.#pauses.current(performance.now());
  }

  /** For how long the server has asked to wait still, in milliseconds, while nothing is sent because of that. */
  get askedMs(): number {
    const now = performance.now();
    return now < this.#pausedUntil ? this.#askedUntil - now : 0;
  }

  takeTurn(taker: TurnTaker): Promise<boolean> {
    if (!this.#turns.isEmpty || this.#due.length > 0 || !this.#hasTurn()) {
      this.#options.meter.held.hold(this.#heldBy);
      return this.#turns.wait(taker);
    }
    this.#grant(taker);
    return granted;
  }

  refuseTurns(taker: TurnTaker): void {
    this.#turns.refuse(taker);
  }

  /** Frees a turn that was granted and not used. */
  returnTurn(): void {
    this.#held--;
    this.#unused--;
    this.open();
  }

  /** The turn is for this request: gives what is reserved of the memory for it. */
  useTurn({ url, body, estimatedTokens }: LaneRequest): number {
    this.#unused--;
    this.#averageTokens += (estimatedTokens - this.#averageTokens) * 0.1;
    return this.#bytes.reserve(url, body.length);
  }

  /** One more turn than there may be, for a request that had one. */
  addTurn(): void {
    this.#held++;
    this.#unused++;
  }

  /** Frees the turn and the memory of a request. */
  release({ bytes }: RequestUnderWay): void {
    this.#held--;
    this.#bytes.release(bytes);
    this.open();
  }

  send(request: RequestUnderWay, back: Back): void {
    const now = performance.now();
    const due = { request, back };
    if (this.#due.length === 0 && this.#mayBegin(request, now)) return this.#begin(due, now);
    this.#due.push(due);
    this.open();
  }

  /** Begins what may begin, and grants what may be granted. */
  open(): void {
    this.#beginDue();
    this.#grantTurns();
    const isHeld = this.#due.length > 0 || !this.#turns.isEmpty;
    this.#options.meter.held.hold(isHeld ? this.#heldBy : undefined);
  }

  close(): void {
    this.#wake.clear();
    this.#options.meter.held.hold(undefined);
  }

  #grantTurns(): void {
    while (this.#due.length === 0 && !this.#turns.isEmpty && this.#hasTurn()) {
      const next = this.#turns.next();
      if (next === undefined) return;
      this.#grant(next.taker);
      next.grant(true);
    }
  }

  #beginDue(): void {
    const now = performance.now();
    for (let next = this.#due[0]; next !== undefined; next = this.#due[0]) {
      const { isOver } = next.request;
      if (!isOver && !this.#mayBegin(next.request, now)) return;
      this.#due.shift();
      if (!isOver) this.#begin(next, now);
    }
  }

  #begin({ request, back }: Due, now: number): void {
    this.#attempts++;
    if (request.attempts > 0) this.#retries++;
    if (++this.#running > this.#mostRunning) this.#mostRunning = this.#running;
    this.#options.rate?.take(request.request.estimatedTokens, now);
    const stamp = this.#options.limit.onStart(this.#held);
    request.begin(now, this.#options.nextOrder());
    this.#below.send(request, (end) => this.#onEnd({ request, back }, stamp, end));
  }

  #onEnd({ request, back }: Due, stamp: number, end: AttemptEnd): void {
    this.#running--;
    if (end.kind === "ended") this.#learn(request, stamp, end);
    back(end);
    // What was sent is over, whatever comes next.
    this.open();
  }

  #learn({ request, sentAt }: RequestUnderWay, stamp: number, { isRefusal, heard, again }: Ended): void {
    const now = performance.now();
    if (isRefusal === true) this.#options.limit.onRefusal(stamp);
    else if (isRefusal === false) this.#options.limit.onAnswer(stamp, now - sentAt, now);
    if (heard !== undefined) {
      this.#options.meter.answers.add(now - sentAt);
      this.#bytes.learn(request.url, heard.length);
      this.#correctTokens(request, heard.usage);
      this.#pause(heard.exhaustedMs, "its limits are used up");
    }
    if (again !== undefined) this.#pause(again.waitMs, again.reason);
  }

  #correctTokens({ estimatedTokens }: LaneRequest, usage: Usage | undefined): void {
    const { rate } = this.#options;
    if (rate?.countsTokens !== true) return;
    rate.correct(estimatedTokens - (usage?.total_tokens ?? 0));
  }

  /** Nothing at all is sent for so long, for all senders have the same limits; but it is tried again before it is too long. */
  #pause(askedMs: number, reason: string): void {
    const now = performance.now();
    const waitMs = Math.min(askedMs, maxWaitMs);
    const earlier = this.#pausedUntil;
    this.#askedUntil = Math.max(earlier > now ? this.#askedUntil : 0, now + askedMs);
    if (waitMs <= 0 || now + waitMs <= earlier) return;
    this.#pausedUntil = now + waitMs;
    this.#pauses.add(reason, now, now + waitMs);
    if (askedMs > maxWaitMs) this.#options.onLongWait(askedMs);
    // Many answers tell of the same wait, each a little later.
    if (earlier > now && now + waitMs - earlier < 1000) return;
    this.#options.emit({ kind: "pause", until: new Date(Date.now() + waitMs), reason });
  }

  #grant(taker: TurnTaker): void {
    this.#held++;
    this.#unused++;
    taker.onGrant();
  }

  #mayBegin({ request }: RequestUnderWay, now: number): boolean {
    if (this.#running >= this.#options.limit.current) return this.#hold("concurrency");
    return this.#isPassed(this.#waitMs(1, request.estimatedTokens, now), now);
  }

  #hasTurn(): boolean {
    if (this.#held >= this.#options.limit.current) return this.#hold("concurrency");
    if (this.#held > 0 && !this.#bytes.hasRoom(this.#unused)) {
      this.#heldByMemory = Math.max(this.#heldByMemory, this.#held);
      return this.#hold("memory");
    }
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
    this.#wake.wakeAt(now + waitMs);
    const pausedUntil = Math.max(this.#pausedUntil, this.#options.rate?.pausedUntil ?? 0);
    return this.#hold(now < pausedUntil ? "pause" : "rate");
  }

  #hold(limit: HoldingLimit): false {
    this.#heldBy = limit;
    return false;
  }
}
