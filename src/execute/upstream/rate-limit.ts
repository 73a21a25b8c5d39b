/** How fast attempts may begin. */
export interface Rate {
  /** Whether it asks for tokens too, and is to be told how many there were. */
  readonly countsTokens: boolean;
  /** Until when nothing may begin because somebody who shares it was asked to wait. */
  readonly pausedUntil?: number;
  /** How long to wait, in milliseconds, until so many requests may begin, with so many tokens in all. */
  waitMs(requests: number, tokens: number, now: number): number;
  take(tokens: number, now: number): void;
  /** Gives back tokens that were taken and not used, or takes those that were used beyond. */
  correct(unusedTokens: number): void;
}

export interface RateLimitOptions {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** How fast attempts may begin: two buckets that fill all the time, and are never a whole minute full. */
export class RateLimit implements Rate {
  readonly #requests: Bucket | undefined;
  readonly #tokens: Bucket | undefined;

  constructor({ requestsPerMinute, tokensPerMinute }: RateLimitOptions, now: number) {
    this.#requests = requestsPerMinute === undefined ? undefined : new Bucket(requestsPerMinute, now);
    this.#tokens = tokensPerMinute === undefined ? undefined : new Bucket(tokensPerMinute, now);
  }

  get countsTokens(): boolean {
    return this.#tokens !== undefined;
  }

  waitMs(requests: number, tokens: number, now: number): number {
    return Math.max(this.#requests?.waitMs(requests, now) ?? 0, this.#tokens?.waitMs(tokens, now) ?? 0);
  }

  take(tokens: number, now: number): void {
    this.#requests?.take(1, now);
    this.#tokens?.take(tokens, now);
  }

  correct(unusedTokens: number): void {
    this.#tokens?.giveBack(unusedTokens);
  }
}

/** It may be drawn below empty by one large taking; then it takes the longer to fill. */
class Bucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #level: number;
  #at: number;

  constructor(perMinute: number, now: number) {
    // A second's worth, so that the first minute is not sent at once, and at least one.
    this.#capacity = Math.max(1, perMinute / 60);
    // What goes at once counts within its minute too: so much less is left for the rest of it.
    this.#perMs = (perMinute - (this.#capacity - 1)) / 60_000;
    this.#level = this.#capacity;
    this.#at = now;
  }

  waitMs(amount: number, now: number): number {
    this.#fill(now);
    // More than the bucket ever holds may go when it is full.
    const missing = Math.min(amount, this.#capacity) - this.#level;
    return missing <= 1e-6 ? 0 : missing / this.#perMs;
  }

  take(amount: number, now: number): void {
    this.#fill(now);
    this.#level -= amount;
  }

  giveBack(amount: number): void {
    this.#level = Math.min(this.#capacity, this.#level + amount);
  }

  #fill(now: number): void {
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
