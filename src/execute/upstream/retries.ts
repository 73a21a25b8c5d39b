import { backoffMs, RetryBudget } from "../../outcome/index.js";
import { Absence } from "./absence.js";
import type { Again } from "./attempt-end.js";
import type { PendingRequest } from "./pending-request.js";
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
  /** Those that wait for the server to come back. */
  readonly #waiting = new Set<PendingRequest>();
  #wasAnswered = false;

  constructor(options: RetriesOptions) {
    this.#options = options;
    this.#absence = new Absence(options.patienceMs);
  }

  /** The server answered, whatever it said. */
  onAnswer(status: number): void {
    this.#wasAnswered = true;
    if (!this.#absence.onAnswer(status)) return;
    for (const pending of this.#waiting) {
      clearTimeout(pending.timer);
      this.#sendAgain(pending);
    }
  }

  /** Whether there will be another attempt, or the request is withheld instead. Otherwise its outcome is to be told. */
  plan(pending: PendingRequest, { kind, reason, absence }: Again): boolean {
    const fault = absence === undefined ? "own" : this.#absence.judge(pending, absence, performance.now());
    if (fault === "long" || (fault === "own" && !this.#mayFailAgain(pending, kind))) return false;
    if (!pending.lane.park(pending)) return true;
    const delayMs = backoffMs(pending.attempts, this.#options.random);
    pending.timer = setTimeout(() => this.#sendAgain(pending), delayMs);
    if (fault === "wait") this.#waiting.add(pending);
    const { custom_id } = pending.request;
    this.#options.emit({ kind: "retry", custom_id, attempt: pending.attempts, delayMs, reason });
    return true;
  }

  #mayFailAgain(pending: PendingRequest, kind: Again["kind"]): boolean {
    pending.budget ??= new RetryBudget(this.#options.maxRetries);
    if (!pending.budget.spend(kind)) return false;
    return this.#wasAnswered || pending.attempts <= retriesBeforeFirstAnswer;
  }

  #sendAgain(pending: PendingRequest): void {
    this.#waiting.delete(pending);
    if (!pending.isSettled) this.#options.again(pending);
  }
}
