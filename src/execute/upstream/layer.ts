import type { Usage } from "../../api/index.js";
import type { Cause } from "../../outcome/index.js";
import type { AbsenceSign } from "./absence.js";
import type { Answered, Unanswered } from "./lane.js";
import type { RequestUnderWay } from "./request-under-way.js";

/**
 * What stands between a lane and the server, one upon the other: `CauseJudge` (whose is a failure?), `Retries`
 * (again?), `Pace` (when?), and at the bottom `Attempts` (the transport). Each takes a request on its way down, and hands back
 * how it ended, or keeps it to send it down again.
 */
export interface Layer {
  send(request: RequestUnderWay, back: Back): void;
}

export type Back = (end: AttemptEnd) => void;

/** How an attempt ended, as the layers so far see it. */
export type AttemptEnd = Ended | CutShort;

export interface Ended {
  readonly kind: "ended";
  /** What became of the request, where there is no further attempt. */
  readonly outcome: Answered | Unanswered;
  /** Why others may fail too. */
  readonly cause: Cause | undefined;
  /** Set where a further attempt may end better. */
  readonly again?: Again | undefined;
  /** Whether it says that there are too many at once; `undefined` where it says nothing of that. */
  readonly isRefusal: boolean | undefined;
  /** What was heard from the server, if anything was. */
  readonly heard: Heard | undefined;
}

export interface Heard {
  readonly status: number;
  /** Characters of the body. */
  readonly length: number;
  /** The tokens that it says it took. */
  readonly usage: Usage | undefined;
  /** How long everyone has to wait because the server's limits are used up, in milliseconds. */
  readonly exhaustedMs: number;
}

export interface Again {
  readonly kind: "failure" | "not now";
  readonly reason: string;
  /** How long the server asks everyone to wait. */
  readonly waitMs: number;
  /** How many of its retries it takes: one that broke off within its answer is likely to be paid for each time. */
  readonly cost: number;
  /** Set where the server may be away. */
  readonly absence?: AbsenceSign;
}

/** We ended it ourselves: its signal was aborted, or something went wrong here. */
export interface CutShort {
  readonly kind: "cut short";
  /** What went wrong. */
  readonly error?: unknown;
}
