import type { OpenbatchError } from "../../errors/index.js";
import type { Cause } from "../../outcome/index.js";
import { CauseJudge } from "./cause-judge.js";
import type { Answered, Lane, LaneRequest, Outcome, Unanswered } from "./lane.js";
import { PendingRequest } from "./pending-request.js";

/** What a lane needs of its upstream. */
export interface LaneHost {
  readonly target: string;
  takeTurn(lane: UpstreamLane): Promise<boolean>;
  refuseTurns(lane: UpstreamLane): void;
  /** Frees a turn that was granted and not used. */
  returnTurn(): void;
  start(pending: PendingRequest): void;
  /** Starts a request whose turn was freed. */
  startAgain(pending: PendingRequest): void;
  /** Frees what a request holds. */
  release(pending: PendingRequest): void;
  /** Counts on in the order of all that happens. */
  nextOrder(): number;
  /** How many requests may be left undecided. */
  maxUndecided(): number;
  onCause(cause: OpenbatchError): void;
  /** A lane takes no more turns, and nothing of it is under way. */
  onEnd(lane: UpstreamLane): void;
}

const refused = Promise.resolve(false);

/** A {@link Lane} of an `Upstream`. */
export class UpstreamLane implements Lane {
  readonly #host: LaneHost;
  readonly #abort = new AbortController();
  readonly #judge: CauseJudge;
  /** Turns that were granted, and requests that were sent, until they are settled or undecided. */
  #inFlight = 0;
  #isClosed = false;
  #isDrained = false;
  /** Those that wait for their next attempt, or for the leave to begin one. */
  readonly #parked = new Set<PendingRequest>();

  constructor(host: LaneHost) {
    this.#host = host;
    this.#judge = new CauseJudge({
      target: host.target,
      settle: (pending, outcome) => pending.resolve(outcome),
      sendAgain: (pending) => this.#sendAgain(pending),
      onCause: (cause, isEverything) => this.#onCause(cause, isEverything),
      maxHeld: () => host.maxUndecided(),
    });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get stopCause(): OpenbatchError | undefined {
    return this.#judge.stopCause;
  }

  get causes(): readonly OpenbatchError[] {
    return this.#judge.causes;
  }

  ready(): Promise<boolean> {
    return this.#isEnded ? refused : this.#host.takeTurn(this);
  }

  send(request: LaneRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      const pending = new PendingRequest(this, request, resolve);
      const cause = this.#judge.blockOf(request);
      if (cause === undefined && !this.#isDrained) return this.#host.start(pending);
      resolve({ kind: "withheld", cause, isCutOff: false, ...pending.toAttempts() });
      this.giveBack();
    });
  }

  giveBack(): void {
    this.#inFlight--;
    this.#host.returnTurn();
    this.#endIfIdle();
  }

  isBlocked(request: Pick<LaneRequest, "url" | "model">): boolean {
    return this.#judge.blockOf(request) !== undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#host.refuseTurns(this);
    this.#endIfIdle();
  }

  drain(): void {
    this.#isDrained = true;
    this.close();
    for (const pending of this.#parked) this.#withhold(pending, undefined);
  }

  abort(): void {
    this.#abort.abort();
    this.#judge.giveUp();
    this.drain();
  }

  /** Stops everything for a cause that was found elsewhere. */
  stop(cause: OpenbatchError): void {
    this.#judge.stop(cause);
  }

  /** Counts a turn that is granted. */
  onGrant(): void {
    this.#inFlight++;
  }

  /** Whether a request may wait for its next attempt; otherwise it is withheld at once. */
  park(pending: PendingRequest): boolean {
    const cause = this.#judge.blockOf(pending.request);
    this.#parked.add(pending);
    if (cause === undefined && !this.#isDrained) return true;
    this.#withhold(pending, cause);
    return false;
  }

  unpark(pending: PendingRequest): void {
    this.#parked.delete(pending);
  }

  /** Ends a request that was stopped on its way. */
  onStopped(pending: PendingRequest): void {
    this.#withhold(pending, this.stopCause, true);
  }

  /** Takes what became of a request, with the cause that it may share with others. */
  onOutcome(pending: PendingRequest, outcome: Answered | Unanswered, cause: Cause | undefined): void {
    this.#judge.take(pending, outcome, cause, this.#host.nextOrder());
    this.#free(pending);
  }

  get #isEnded(): boolean {
    return this.#isClosed || this.stopCause !== undefined;
  }

  #sendAgain(pending: PendingRequest): void {
    const cause = this.#judge.blockOf(pending.request);
    if (cause !== undefined || this.#isDrained) {
      return pending.resolve({ kind: "withheld", cause, isCutOff: false, ...pending.toAttempts() });
    }
    pending.reset();
    this.#inFlight++;
    this.#host.startAgain(pending);
  }

  #onCause(cause: OpenbatchError, isEverything: boolean): void {
    this.#host.onCause(cause);
    if (isEverything) this.#host.refuseTurns(this);
    for (const pending of this.#parked) {
      const block = this.#judge.blockOf(pending.request);
      if (block !== undefined) this.#withhold(pending, block);
    }
    this.#endIfIdle();
  }

  #withhold(pending: PendingRequest, cause: OpenbatchError | undefined, isCutOff = false): void {
    pending.resolve({ kind: "withheld", cause, isCutOff, ...pending.toAttempts() });
    this.#free(pending);
  }

  #free(pending: PendingRequest): void {
    clearTimeout(pending.timer);
    this.#parked.delete(pending);
    pending.isSettled = true;
    this.#inFlight--;
    this.#host.release(pending);
    this.#endIfIdle();
  }

  /** Where no more requests come, nothing can show any more whose a cause is. */
  #endIfIdle(): void {
    if (!this.#isEnded || this.#inFlight > 0) return;
    this.#judge.decideRest();
    this.#host.onEnd(this);
  }
}
