import type { PendingRequest } from "./pending-request.js";
import { backoffMs, RetryBudget } from "./retry-policy.js";
import type { UpstreamEvent } from "./upstream-event.js";

export interface RetriesOptions {
  /** How often a request is sent again. */
  readonly maxRetries: number;
  /** Where the jitter comes from: 0 to 1. */
  readonly random: () => number;
  readonly emit: (event: UpstreamEvent) => void;
  /** Called when it is time for the next attempt. */
  readonly again: (pending: PendingRequest) => void;
}

/** A server that was never heard of is not given long: most likely it is not running. */
const retriesBeforeFirstAnswer = 2;

/** Sends failed requests again, after a while, and not too often. */
export class Retries {
  readonly #options: RetriesOptions;
  #wasAnswered = false;

  constructor(options: RetriesOptions) {
    this.#options = options;
  }

  /** The server answered, whatever it said. */
  onAnswer(): void {
    this.#wasAnswered = true;
  }

  /** Whether there will be another attempt, or the request is withheld instead. Otherwise its outcome is to be told. */
  plan(pending: PendingRequest, kind: "failure" | "not now", reason: string): boolean {
    const { maxRetries, random, emit, again } = this.#options;
    pending.budget ??= new RetryBudget(maxRetries);
    if (!pending.budget.spend(kind)) return false;
    if (!this.#wasAnswered && pending.attempts > retriesBeforeFirstAnswer) return false;
    if (!pending.lane.park(pending)) return true;
    const delayMs = backoffMs(pending.attempts, random);
    const { custom_id } = pending.request;
    pending.timer = setTimeout(() => again(pending), delayMs);
    emit({ kind: "retry", custom_id, attempt: pending.attempts, delayMs, reason });
    return true;
  }
}
