import { OpenbatchError } from "../../errors/index.js";
import type { Answered, LaneRequest, Outcome, Unanswered } from "./lane.js";

/**
 * The life of one request. Nothing but this file moves it from one state to another:
 *
 * - `waiting`: it is known, and has no turn. (Who asks for a turn in `Lane.ready` need not say yet for which request.)
 * - `granted`: it has a turn; its attempt begins as soon as concurrency, rates and pauses let it.
 * - `under way`: an attempt is with the server.
 * - `waiting for a retry`: the attempt failed, and there will be another. It keeps its turn.
 * - `undecided`: it ended in a way that may be everyone's. It has no turn, until it is known whose fault that was.
 * - `settled`: it was answered, or failed for a reason of its own. The end.
 * - `withheld`: it stays without a result. The end.
 *
 *     waiting → granted → under way → settled
 *                  ↑         ├→ waiting for a retry → granted
 *                  │         └→ undecided → settled
 *                  └─────────────── or → granted, where it never came to the server
 *
 *     granted, under way, waiting for a retry, undecided → withheld
 */
export const transitions = {
  waiting: ["granted"],
  granted: ["under way", "withheld"],
  "under way": ["waiting for a retry", "undecided", "settled", "withheld"],
  "waiting for a retry": ["granted", "withheld"],
  undecided: ["granted", "settled", "withheld"],
  settled: [],
  withheld: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type RequestState = keyof typeof transitions;

/** Whose a request is. */
export interface RequestOwner {
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Why nothing is sent any more, once that is so. */
  readonly stopCause: OpenbatchError | undefined;
  /** Is told of each move. It may withhold the request at once: who moves one looks afterwards whether it is over. */
  onMove(request: RequestUnderWay, from: RequestState): void;
}

export class RequestUnderWay {
  readonly owner: RequestOwner;
  readonly request: LaneRequest;
  /** Where it stands among the {@link OpenRequests} of its lane. */
  place = 0;
  readonly #resolve: (outcome: Outcome) => void;
  #state: RequestState = "waiting";
  #attempts = 0;
  #firstSentAt = 0;
  #sentAt = 0;
  #endedAt: number | undefined;
  #order = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #again = (): void => {};

  constructor(owner: RequestOwner, request: LaneRequest, resolve: (outcome: Outcome) => void) {
    this.owner = owner;
    this.request = request;
    this.#resolve = resolve;
  }

  get state(): RequestState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state === "settled" || this.#state === "withheld";
  }

  get hasTurn(): boolean {
    return holdsTurn(this.#state);
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** When the last attempt began, on the clock of `performance.now()`. */
  get sentAt(): number {
    return this.#sentAt;
  }

  /** The place of the last attempt's start in the order of all that happens at the upstream. */
  get order(): number {
    return this.#order;
  }

  /** What is reserved of the memory for bodies while it has a turn. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What every outcome tells of the attempts. */
  toAttempts(): { readonly attempts: number; readonly ms: number } {
    const end = this.#endedAt ?? performance.now();
    return { attempts: this.#attempts, ms: this.#attempts === 0 ? 0 : Math.round(end - this.#firstSentAt) };
  }

  /** @param bytes that are reserved for it. */
  takeTurn(bytes: number): void {
    this.#bytes = bytes;
    this.#endedAt = undefined;
    this.#move("granted");
  }

  /** @param order the place of this in the order of all that happens at the upstream. */
  begin(now: number, order: number): void {
    this.#attempts += 1;
    this.#sentAt = now;
    this.#order = order;
    if (this.#attempts === 1) this.#firstSentAt = now;
    this.#move("under way");
  }

  waitForRetry(delayMs: number, again: () => void): void {
    this.#again = again;
    this.#timer = setTimeout(() => this.endWait(), delayMs);
    this.#move("waiting for a retry");
  }

  /** Goes on before the time, if it still waits for a retry. */
  endWait(): void {
    if (this.#state !== "waiting for a retry") return;
    clearTimeout(this.#timer);
    this.#move("granted");
    if (!this.isOver) this.#again();
  }

  leaveUndecided(): void {
    this.#endedAt = performance.now();
    this.#move("undecided");
  }

  settle(outcome: Answered | Unanswered): void {
    this.#move("settled", outcome);
  }

  /** @param cause why, if there is a reason but that its lane is ended. */
  withhold(cause: OpenbatchError | undefined): void {
    const isCutShort = this.#state === "under way";
    clearTimeout(this.#timer);
    this.#move("withheld", { kind: "withheld", cause, isCutShort, ...this.toAttempts() });
  }

  #move(to: RequestState, outcome?: Outcome): void {
    const from = this.#state;
    const possible: readonly RequestState[] = transitions[from];
    if (!possible.includes(to)) {
      throw new OpenbatchError("unexpected_failure", `A request that was ${from} cannot become ${to}.`);
    }
    this.#state = to;
    // Before its turn is free: who hears of it has one request less when the next one comes.
    if (outcome !== undefined) this.#resolve(outcome);
    this.owner.onMove(this, from);
  }
}

export function holdsTurn(state: RequestState): boolean {
  return state === "granted" || state === "under way" || state === "waiting for a retry";
}

/** A set of requests that leaves no garbage behind, however many come and go. */
export class OpenRequests {
  readonly #requests: RequestUnderWay[] = [];

  get size(): number {
    return this.#requests.length;
  }

  [Symbol.iterator](): Iterator<RequestUnderWay> {
    return this.#requests.values();
  }

  add(request: RequestUnderWay): void {
    request.place = this.#requests.push(request) - 1;
  }

  delete(request: RequestUnderWay): void {
    const last = this.#requests.pop();
    if (last === undefined || last === request) return;
    this.#requests[request.place] = last;
    last.place = request.place;
  }
}
