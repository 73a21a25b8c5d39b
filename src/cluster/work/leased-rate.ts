import { maxWaitMs, type Rate } from "../../execute/index.js";
import type { Amount, SharedLimit } from "../database/limits-table.js";

export interface LeasedRateOptions extends Pick<SharedLimit, "requests" | "tokens"> {
  /** Takes from what all share; what is below 0 is given back. */
  readonly take: (wanted: Amount) => Promise<Amount>;
}

/** What is asked for at once lasts so long, in seconds, if it is needed. */
const leaseSeconds = 1 / 8;

/** How often is asked again where there was not enough, in milliseconds; and where the database is away. */
const againMs = 40;
const awayMs = 1_000;

/** What adding fractions may be off by. */
const tiny = 1e-6;

/** What was not used for so long is given back, in milliseconds. */
const unusedMs = 1_000;

/**
 * One worker's part of a limit that all keep together: it takes a little ahead, and gives back what it does not use. While nothing
 * is to be had, nothing is sent. A pause that one of them is asked for is everyone's.
 */
export class LeasedRate implements Rate {
  readonly #options: LeasedRateOptions;
  #held = { requests: 0, tokens: 0 };
  #wanted = { requests: 0, tokens: 0 };
  #pausedUntil = 0;
  #askAgainAt = 0;
  #usedAt = 0;
  #asking: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(options: LeasedRateOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#returnUnused(), unusedMs).unref();
  }

  get countsTokens(): boolean {
    return this.#options.tokens !== undefined;
  }

  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  waitMs(requests: number, tokens: number, now: number): number {
    if (now < this.#pausedUntil) return this.#pausedUntil - now;
    if (this.#has(requests, tokens)) return 0;
    this.#wanted = { requests, tokens };
    if (now >= this.#askAgainAt) this.#ask(now);
    return Math.max(1, this.#asking === undefined ? this.#askAgainAt - now : againMs / 4);
  }

  take(tokens: number, now: number): void {
    this.#usedAt = now;
    this.#held = { requests: this.#held.requests - 1, tokens: this.#held.tokens - tokens };
  }

  correct(unusedTokens: number): void {
    this.#held = { ...this.#held, tokens: this.#held.tokens + unusedTokens };
  }

  /** Somebody who shares the limit was told to wait. However long that is, the server is asked again in a while. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + Math.min(ms, maxWaitMs));
  }

  /** Gives back what it has. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#asking;
    await this.#giveBack().catch(() => undefined);
  }

  #has(requests: number, tokens: number): boolean {
    const { requests: perMinute, tokens: tokensPerMinute } = this.#options;
    if (perMinute !== undefined && this.#held.requests < requests - tiny) return false;
    return tokensPerMinute === undefined || this.#held.tokens >= tokens - tiny;
  }

  /** Asks for what is missing, and for a little more. */
  #ask(now: number): void {
    if (this.#asking !== undefined) return;
    this.#askAgainAt = now + againMs;
    this.#asking = this.#refill()
      .catch(() => {
        this.#askAgainAt = performance.now() + awayMs;
      })
      .finally(() => {
        this.#asking = undefined;
      });
  }

  async #refill(): Promise<void> {
    const { requests, tokens, take } = this.#options;
    const granted = await take({
      requests: missing(this.#wanted.requests, this.#held.requests, requests),
      tokens: missing(this.#wanted.tokens, this.#held.tokens, tokens),
    });
    this.#usedAt = performance.now();
    this.#add(granted);
  }

  #returnUnused(): void {
    const isUnused = performance.now() - this.#usedAt > unusedMs;
    if (!isUnused || this.#asking !== undefined || (this.#held.requests <= 0 && this.#held.tokens <= 0))
      return;
    this.#asking = this.#giveBack()
      .catch(() => undefined)
      .finally(() => {
        this.#asking = undefined;
      });
  }

  async #giveBack(): Promise<void> {
    const { requests, tokens } = this.#held;
    if (requests === 0 && tokens === 0) return;
    this.#held = { requests: 0, tokens: 0 };
    await this.#options.take({ requests: -requests, tokens: -tokens });
  }

  #add({ requests, tokens }: Amount): void {
    this.#held = { requests: this.#held.requests + requests, tokens: this.#held.tokens + tokens };
  }
}

function missing(wanted: number, held: number, perMinute: number | undefined): number {
  if (perMinute === undefined) return 0;
  return Math.max(wanted, (perMinute / 60) * leaseSeconds) - held;
}
