import type { OpenbatchError } from "../../errors/index.js";
import type { OutgoingRequest } from "../../http/index.js";
import type { AnswerFacts } from "../../outcome/index.js";
import type { FailureReason } from "../meter/upstream-meter.js";

/** What an upstream found out about a request, after all its attempts. */
export type Outcome = Answered | Unanswered | Withheld;

/** The endpoint answered, with success or with an error that is this request's own: it goes into the results. */
export interface Answered extends Attempts, AnswerFacts {
  readonly kind: "answered";
  readonly status: number;
  /** The server's `x-request-id`, or one that was made up where it sends none. */
  readonly requestId: string;
  /** JSON text on one line, as the server wrote its numbers. */
  readonly body: string;
}

/** No answer, for a reason that is this request's own: a line with `error` goes into the results. */
export interface Unanswered extends Attempts {
  readonly kind: "unanswered";
  readonly error: { readonly code: string; readonly message: string };
}

/** Not this request's fault, or not sent any more: it stays pending, and nothing goes into the results. */
export interface Withheld extends Attempts {
  readonly kind: "withheld";
  /** Why; `undefined` where the lane was drained or aborted. */
  readonly cause: OpenbatchError | undefined;
  /** Whether it was under way when it was ended: nobody knows whether it was answered. */
  readonly isCutShort: boolean;
}

/** Why there is no success, in as few words as can be told apart; `undefined` where there is one. */
export function toFailureReason(outcome: Answered | Unanswered): FailureReason | undefined {
  if (outcome.kind === "unanswered") return outcome.error.code;
  return outcome.failure && (outcome.failure.statusCode ?? outcome.status);
}

interface Attempts {
  /** How often it was sent. */
  readonly attempts: number;
  /** From the first attempt to the end, in milliseconds. */
  readonly ms: number;
}

/** A request with what an upstream needs to know to judge its outcome. */
export interface LaneRequest extends OutgoingRequest {
  /** Undefined for a request that is of no batch file. */
  readonly custom_id: string | undefined;
  /** `body.model`, if there is one: an unknown model is a cause for all requests that name it. */
  readonly model: string | undefined;
  /** What it counts against `tokensPerMinute`, estimated before it is sent. */
  readonly estimatedTokens: number;
}

/**
 * One run's share of an upstream. Runs take turns, whatever their sizes; all keep to the upstream's one concurrency, its
 * rate limits and its pauses. A cause that seems to be everyone's (no server, a refused key, an unknown model) leaves the
 * outcome of the requests that hit it open until a success, a few more of the same, or the end of the lane decides whose it is.
 */
export interface Lane {
  /**
   * Resolves when this lane may send one more request, with `true`; or with `false` when it is to stop: it was
   * closed, or a cause was found that will fail every request ({@link stopCause}). After `true`, call {@link send} once, or {@link giveBack}.
   */
  ready(): Promise<boolean>;
  /** Sends a request, again where that helps, until its outcome is known. Never rejects. */
  send(request: LaneRequest): Promise<Outcome>;
  /** Hands back a turn that was granted and is not needed. */
  giveBack(): void;
  /** Whether every request to this url or model is withheld: then it need not be sent. */
  isBlocked(request: Pick<LaneRequest, "url" | "model">): boolean;
  /** Why the upstream stopped sending for every request, once it did. */
  readonly stopCause: OpenbatchError | undefined;
  /** Every cause that was found, those that block a url or a model too. */
  readonly causes: readonly OpenbatchError[];
  /**
   * Says that no more requests come: grants no more turns, lets what is in flight end, also what has to be sent again for
   * that, and then decides what was left open.
   */
  close(): void;
  /** Closes, and sends nothing any more: what is under way may end, and what waits to be sent, also again, is withheld. */
  drain(): void;
  /** Ends what is in flight too; its requests are withheld. */
  abort(): void;
}

/** A lane that hands everything on to another one: what is to be otherwise is written over it. */
export class WrappedLane implements Lane {
  readonly #lane: Lane;

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  get stopCause(): Lane["stopCause"] {
    return this.#lane.stopCause;
  }

  get causes(): Lane["causes"] {
    return this.#lane.causes;
  }

  async ready(): Promise<boolean> {
    return this.#lane.ready();
  }

  send(request: LaneRequest): Promise<Outcome> {
    return this.#lane.send(request);
  }

  giveBack(): void {
    this.#lane.giveBack();
  }

  isBlocked(request: Pick<LaneRequest, "url" | "model">): boolean {
    return this.#lane.isBlocked(request);
  }

  close(): void {
    this.#lane.close();
  }

  drain(): void {
    this.#lane.drain();
  }

  abort(): void {
    this.#lane.abort();
  }
}
