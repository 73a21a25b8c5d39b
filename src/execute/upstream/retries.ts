import { backoffMs, RetryBudget } from "../../outcome/index.js";
import type { UpstreamMeter } from "../meter/upstream-meter.js";
import { Absence } from "./absence.js";
import { toFailureReason } from "./lane.js";
import type { Again, AttemptEnd, Back, Ended, Layer } from "./layer.js";
import type { RequestUnderWay } from "./request-under-way.js";
import type { UpstreamEvent } from "./upstream-event.js";

export interface RetriesOptions {
  /** How often a request is sent again. */
  readonly maxRetries: number;
  /** How long a server that was well may be away, in milliseconds. */
  readonly patienceMs: number;
  /** Where the jitter comes from: 0 to 1. */
  readonly random: () => number;
  readonly meter: UpstreamMeter;
  readonly emit: (event: UpstreamEvent) => void;
}

/** A server that was never heard of is not given long: most likely it is not running. */
const retriesBeforeFirstAnswer = 2;

/** A request in this layer. */
interface Trial {
  readonly request: RequestUnderWay;
  readonly back: Back;
  /** Made with the first failure. */
  budget?: RetryBudget;
}

/** The layer that sends failed requests again, after a while, and not too often. */
export class Retries implements Layer {
  readonly #below: Layer;
  readonly #options: RetriesOptions;
  readonly #absence: Absence;
  /** Those that wait for the server to come back. */
  readonly #waiting = new Set<RequestUnderWay>();
  #wasAnswered = false;

  constructor(below: Layer, options: RetriesOptions) {
    this.#below = below;
    this.#options = options;
    this.#absence = new Absence(options.patienceMs);
  }

  send(request: RequestUnderWay, back: Back): void {
    this.#try({ request, back });
  }

  #try(trial: Trial): void {
    this.#below.send(trial.request, (end) => this.#onEnd(trial, end));
  }

  #onEnd(trial: Trial, end: AttemptEnd): void {
    if (end.kind === "ended" && end.heard !== undefined) this.#onHeard(end.heard.status);
    const isAgain =
      end.kind === "ended" && end.again !== undefined && this.#mayTryAgain(trial, end, end.again);
    if (!isAgain) trial.back(end);
  }

  /** The server answered, whatever it said. */
  #onHeard(status: number): void {
    this.#wasAnswered = true;
    if (!this.#absence.onAnswer(status)) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const request of waiting) request.endWait();
  }

  /** Whether there will be another attempt, or the request is withheld instead. Otherwise its outcome is to be told. */
  #mayTryAgain(trial: Trial, { outcome }: Ended, { kind, reason, cost, absence }: Again): boolean {
    const { request } = trial;
    const fault = absence === undefined ? "own" : this.#absence.judge(request, absence, performance.now());
    if (fault === "long" || (fault === "own" && !this.#mayFailAgain(trial, kind, cost))) return false;
    const delayMs = backoffMs(request.attempts, this.#options.random);
    request.waitForRetry(delayMs, () => {
      this.#waiting.delete(request);
      this.#try(trial);
    });
    if (request.isOver) return true;
    if (fault === "wait") this.#waiting.add(request);
    this.#options.meter.retry(toFailureReason(outcome) ?? "");
    const { custom_id } = request.request;
    this.#options.emit({ kind: "retry", custom_id, attempt: request.attempts, delayMs, reason });
    return true;
  }

  #mayFailAgain(trial: Trial, kind: Again["kind"], cost: number): boolean {
    trial.budget ??= new RetryBudget(this.#options.maxRetries);
    if (!trial.budget.spend(kind, cost)) return false;
    return this.#wasAnswered || trial.request.attempts <= retriesBeforeFirstAnswer;
  }
}
