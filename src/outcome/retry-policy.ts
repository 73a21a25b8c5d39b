import type { ServerAnswer } from "./server-answer.js";

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

/** Whether an answer says that the same request may succeed later. The SDK obeys `x-should-retry` too. */
export function isWorthRetrying({ status, header }: ServerAnswer): boolean {
  const asked = header("x-should-retry");
  if (asked === "true") return true;
  if (asked === "false") return false;
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** Whether the server is well, and only has no room at the moment. 529 is Anthropic's, and of gateways to it. */
export function isNotNow(status: number): boolean {
  return status === 429 || status === 503 || status === 529;
}

/** Whether the server, or what a gateway stands before, is full or away: 502 to 504, 529, and what proxies write above. */
export function isOutage(status: number): boolean {
  return status > 501;
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
  spend(kind: "failure" | "not now"): boolean {
    if (kind === "failure") this.#failures++;
    else this.#refusals++;
    return this.#failures <= this.#maxRetries && this.#refusals <= this.#maxRetries * notNowFactor;
  }
}

/** Full jitter: anything up to a limit that doubles with each attempt. Milliseconds. */
export function backoffMs(attempts: number, random: () => number): number {
  return random() * Math.min(capMs, baseMs * 2 ** (attempts - 1));
}
