/** How long requests took, in milliseconds, from their first attempt to the end: so many hundredths of them no longer than that. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Each step of the scale is so much longer than the one before: what is told is right to half of that. */
const base = 1.02;

/** Counts times on a logarithmic scale: some hundred numbers, however many times there are. */
export class LatencyHistogram {
  readonly #counts: number[] = [];
  #count = 0;
  #longest = 0;

  add(ms: number): void {
    const step = ms < 1 ? 0 : Math.round(Math.log(ms) / Math.log(base)) + 1;
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    this.#count += 1;
    this.#longest = Math.max(this.#longest, ms);
  }

  /** `undefined` of no times. */
  get latencies(): Latencies | undefined {
    if (this.#count === 0) return undefined;
    return { p50: this.#quantile(0.5), p95: this.#quantile(0.95), p99: this.#quantile(0.99) };
  }

  #quantile(share: number): number {
    let left = Math.ceil(this.#count * share);
    const step = this.#counts.findIndex((count = 0) => {
      left -= count;
      return left <= 0;
    });
    return step === 0 ? 0 : Math.min(this.#longest, Math.round(base ** (step - 1)));
  }
}
