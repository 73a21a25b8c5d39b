import { isOutage } from "../../outcome/index.js";
import type { RequestUnderWay } from "./request-under-way.js";

/** So many requests have to see an absence before a request that cannot tell it from a fault of its own is let off. */
const enough = 3;

/** What an attempt that failed tells of the server: nobody is there, or it may have been this request alone. */
export type AbsenceSign = "away" | "perhaps away";

/**
 * Tells whether a server that was well is away for a while, as in a restart. What is sent meanwhile uses up none of the
 * retries of a request: it says nothing about the request. It begins with the first attempt that fails so, and ends
 * with an answer; it is given up when it lasts too long. A server that was never well may not exist.
 */
export class Absence {
  readonly #patienceMs: number;
  #wasWell = false;
  #since: number | undefined;
  readonly #seenBy = new Set<RequestUnderWay>();

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** The server answered. Whether that is the end of an absence. */
  onAnswer(status: number): boolean {
    if (isOutage(status)) return false;
    this.#wasWell = true;
    if (this.#since === undefined) return false;
    this.#since = undefined;
    this.#seenBy.clear();
    return true;
  }

  /**
   * An attempt failed with that sign. Says whose fault that is: of the absence, for which the request should `wait`, or which has
   * lasted too `long`; or it may be the request's `own`.
   */
  judge(request: RequestUnderWay, sign: AbsenceSign, now: number): "own" | "wait" | "long" {
    if (!this.#wasWell || this.#patienceMs === 0) return "own";
    this.#since ??= now;
    const since = this.#since;
    if (this.#seenBy.size < enough) this.#seenBy.add(request);
    const isSure = sign === "away" || (this.#seenBy.size === enough && request.sentAt > since);
    if (!isSure) return "own";
    return now - since < this.#patienceMs ? "wait" : "long";
  }
}
