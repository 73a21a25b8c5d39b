import { tryParseJson } from "../jsonl/index.js";
import { judgeResponse } from "./judge-outcome.js";
import type { FailedOutcome } from "./outcome.js";
import type { ServerAnswer } from "./server-answer.js";
import { readWaitTimes, type WaitTimes } from "./wait-times.js";

/**
 * Five more attempts, about eight seconds apart in all: what is over by then was a hiccup. A server that says
 * "not now" (429, 503) is asked up to four times as often, which takes some minutes, for its limits are by the minute.
 */
export const defaultMaxRetries = 5;
const notNowFactor = 4;

/**
 * How long a run waits for a server that was well and is away, for each retry that a request has: five minutes in all, for it may only
 * be started again, with a large model to load.
 */
export const patiencePerRetryMs = 60_000;

const baseMs = 500;
const capMs = 60_000;

/** Whether the same request is sent again after a failure. The SDK obeys `x-should-retry` too. */
export function isWorthRetrying(
  { header }: ServerAnswer,
  { retryable, cause }: FailedOutcome,
  { askedMs, exhaustedMs }: WaitTimes,
): boolean {
  if (cause === "quota") return false;
  // Unless it says when, the limit of a day is not whole again while a run waits.
  if (cause === "daily" && askedMs === 0 && exhaustedMs === 0) return false;
  const asked = header("x-should-retry");
  if (asked === "true") return true;
  return asked !== "false" && retryable;
}

/** How long to wait before that is asked again which may be asked twice, in milliseconds; `undefined` where it need not be. */
export function readAgainMs(answer: ServerAnswer): number | undefined {
  const { status, header, body } = answer;
  const json = tryParseJson(body);
  const failure = judgeResponse({ status, json: json ?? body });
  if (failure.status !== "failed") return undefined;
  const waits = readWaitTimes({ header, json, failure, tokensPerRequest: 0 });
  return isWorthRetrying(answer, failure, waits) ? Math.max(waits.askedMs, waits.exhaustedMs) : undefined;
}

/** How often one request is sent again. */
export class RetryBudget {
  readonly #maxRetries: number;
  #failures = 0;
  #refusals = 0;

  constructor(maxRetries: number) {
    this.#maxRetries = maxRetries;
  }

  /** Counts a failed attempt. Whether there may be another. */
  spend(kind: "failure" | "not now", cost = 1): boolean {
    if (kind === "failure") this.#failures += cost;
    else this.#refusals += 1;
    return this.#failures <= this.#maxRetries && this.#refusals <= this.#maxRetries * notNowFactor;
  }
}

/** Full jitter: anything up to a limit that doubles with each attempt. Milliseconds. */
export function backoffMs(attempts: number, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** (attempts - 1));
}
