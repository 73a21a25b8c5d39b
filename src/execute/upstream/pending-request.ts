import type { RetryBudget } from "../../outcome/index.js";
import type { LaneRequest, Outcome } from "./lane.js";
import type { UpstreamLane } from "./upstream-lane.js";

/** A request between `send` and its outcome. It holds a turn from its grant until it is settled or left undecided. */
export class PendingRequest {
  readonly lane: UpstreamLane;
  readonly request: LaneRequest;
  readonly resolve: (outcome: Outcome) => void;
  attempts = 0;
  /** When the first attempt began, and the last, on the clock of `performance.now()`. */
  firstSentAt = 0;
  sentAt = 0;
  /** The place of the last attempt's start in the order of all that happens at the upstream. */
  order = 0;
  /** The place of the last attempt among all attempts. */
  stamp = 0;
  /** What is reserved of the memory for bodies. */
  bytes = 0;
  /** Made with the first failure. */
  budget: RetryBudget | undefined;
  /** Runs while it waits for its next attempt. */
  timer: NodeJS.Timeout | undefined;
  isSettled = false;

  constructor(lane: UpstreamLane, request: LaneRequest, resolve: (outcome: Outcome) => void) {
    this.lane = lane;
    this.request = request;
    this.resolve = resolve;
  }

  /** Forgets that it was given up. */
  reset(): void {
    this.budget = undefined;
    this.isSettled = false;
  }

  /** What every outcome tells of the attempts. */
  toAttempts(): { readonly attempts: number; readonly ms: number } {
    const ms = this.attempts === 0 ? 0 : Math.round(performance.now() - this.firstSentAt);
    return { attempts: this.attempts, ms };
  }
}
