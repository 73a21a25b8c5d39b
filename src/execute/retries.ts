import { Absence } from "./absence.js";
import type { Again } from "./attempt-end.js";
import type { PendingRequest } from "./pending-request.js";
import { backoffMs, RetryBudget } from "./retry-policy.js";
import type { UpstreamEvent } from "./upstream-event.js";

export interface RetriesOptions {
  /** How often a request is sent again. */
  readonly maxRetries: number;
  /** How long a server that was well may be away, in milliseconds. */
  readonly patienceMs: number;
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
  readonly #absence: Absence;
  #wasAnswered = false;

  constructor(options: RetriesOptions) {
    this.#options = options;
    this.#absence = new Absence(options.patienceMs);
  }

  /** The server answered, whatever it said. */
  onAnswer(status: number): void {
    this.#wasAnswered = true;
    this.#absence.onAnswer(status);
  }

  /** Whether there will be another attempt, or the request is withheld instead. Otherwise its outcome is to be told. */
  plan(pending: PendingRequest, { kind, reason, absence }: Again): boolean {
    const { random, emit, again } = this.#options;
    if (!this.#mayGoOn(pending, kind, absence)) return false;
    if (!pending.lane.park(pending)) return true;
    const delayMs = backoffMs(pending.attempts, random);
    const { custom_id } = pending.request;
    pending.timer = setTimeout(() => again(pending), delayMs);
    emit({ kind: "retry", custom_id, attempt: pending.attempts, delayMs, reason });
    return true;
  }

  #mayGoOn(pending: PendingRequest, kind: Again["kind"], sign: Again["absence"]): boolean {
    const fault = sign === undefined ? "own" : this.#absence.judge(pending, sign, performance.now());
    if (fault !== "own") return fault === "wait";
    pending.budget ??= new RetryBudget(this.#options.maxRetries);
    if (!pending.budget.spend(kind)) return false;
    return this.#wasAnswered || pending.attempts <= retriesBeforeFirstAnswer;
  }
}
