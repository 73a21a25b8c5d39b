import type { OpenbatchError } from "../../errors/index.js";
import type { UpstreamMeter } from "../meter/upstream-meter.js";
import { CauseJudge } from "./cause-judge.js";
import { type Lane, type LaneRequest, type Outcome, toFailureReason } from "./lane.js";
import type { AttemptEnd, Layer } from "./layer.js";
import type { Pace, TurnTaker } from "./pace.js";
import {
  holdsTurn,
  OpenRequests,
  type RequestOwner,
  type RequestState,
  RequestUnderWay,
} from "./request-under-way.js";

/** What a lane needs of its upstream. */
export interface LaneHost {
  readonly target: string;
  readonly pace: Pace;
  readonly meter: UpstreamMeter;
  /** The layer under the judge of causes. */
  readonly below: Layer;
  /** Counts on in the order of all that happens. */
  nextOrder(): number;
  /** How many requests may be left undecided. */
  maxUndecided(): number;
  onMove(request: RequestUnderWay, from: RequestState): void;
  onCause(cause: OpenbatchError): void;
  /** Something went wrong that nobody knows. */
  onUnexpected(error: unknown): void;
  /** A lane takes no more turns, and nothing of it is under way. */
  onEnd(lane: UpstreamLane): void;
}

const refused = Promise.resolve(false);

/** A {@link Lane} of an `Upstream`: its turns, and its requests that have one. */
export class UpstreamLane implements Lane, RequestOwner, TurnTaker {
  readonly #host: LaneHost;
  readonly #abort = new AbortController();
  readonly #judge: CauseJudge;
  /** Turns that were granted, and whose request is not known yet. */
  #turns = 0;
  readonly #withTurn = new OpenRequests();
  #isClosed = false;
  #isDrained = false;

  constructor(host: LaneHost) {
    this.#host = host;
    this.#judge = new CauseJudge(host.below, {
      target: host.target,
      onCause: (cause, isEverything) => this.#onCause(cause, isEverything),
      takeTurnAgain: (request) => this.#takeTurnAgain(request),
      nextOrder: () => host.nextOrder(),
      maxUndecided: () => host.maxUndecided(),
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

  get requests(): Iterable<RequestUnderWay> {
    return this.#withTurn;
  }

  ready(): Promise<boolean> {
    return this.#isEnded ? refused : this.#host.pace.takeTurn(this);
  }

  send(request: LaneRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      const sent = new RequestUnderWay(this, request, resolve);
      this.#useTurn(sent);
      if (!sent.isOver) this.#judge.send(sent, (end) => this.#onEnd(sent, end));
    });
  }

  giveBack(): void {
    this.#turns--;
    this.#host.pace.returnTurn();
    this.#endIfIdle();
  }

  isBlocked(request: Pick<LaneRequest, "url" | "model">): boolean {
    return this.#judge.blockOf(request) !== undefined;
  }

  close(): void {
    this.#isClosed = true;
    this.#host.pace.refuseTurns(this);
    this.#endIfIdle();
  }

  drain(): void {
    this.#isDrained = true;
    this.close();
    this.#withholdStopped();
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

  onGrant(): void {
    this.#turns++;
  }

  onMove(request: RequestUnderWay, from: RequestState): void {
    this.#host.onMove(request, from);
    const { hasTurn } = request;
    if (hasTurn) {
      if (!holdsTurn(from)) this.#withTurn.add(request);
      this.#withholdIfStopped(request);
    } else if (holdsTurn(from)) {
      this.#withTurn.delete(request);
      this.#host.pace.release(request);
      this.#endIfIdle();
    }
  }

  #onEnd(request: RequestUnderWay, end: AttemptEnd): void {
    if (end.kind === "ended") {
      const { outcome } = end;
      this.#host.meter.settle(
        toFailureReason(outcome),
        outcome.kind === "answered" ? outcome.usage : undefined,
      );
      return request.settle(outcome);
    }
    if (end.error !== undefined) this.#host.onUnexpected(end.error);
    request.withhold(this.stopCause);
  }

  get #isEnded(): boolean {
    return this.#isClosed || this.stopCause !== undefined;
  }

  #useTurn(request: RequestUnderWay): void {
    this.#turns--;
    request.takeTurn(this.#host.pace.useTurn(request.request));
  }

  #takeTurnAgain(request: RequestUnderWay): void {
    this.#host.pace.addTurn();
    this.#turns++;
    this.#useTurn(request);
  }

  #onCause(cause: OpenbatchError, isEverything: boolean): void {
    this.#host.onCause(cause);
    if (isEverything) this.#host.pace.refuseTurns(this);
    this.#withholdStopped();
    this.#endIfIdle();
  }

  #withholdStopped(): void {
    for (const request of [...this.#withTurn]) this.#withholdIfStopped(request);
  }

  /** What is not under way is not sent any more once the lane is drained, or a cause blocks it. */
  #withholdIfStopped(request: RequestUnderWay): void {
    if (request.isOver || request.state === "under way") return;
    const cause = this.#judge.blockOf(request.request);
    if (cause !== undefined || this.#isDrained) request.withhold(cause);
  }

  /** Where no more requests come, nothing can show any more whose a cause is. */
  #endIfIdle(): void {
    if (!this.#isEnded || this.#turns > 0 || this.#withTurn.size > 0) return;
    this.#judge.decideRest();
    this.#host.onEnd(this);
  }
}
