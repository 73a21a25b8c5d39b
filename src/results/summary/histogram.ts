/** How great some numbers are: so many hundredths of them are no greater than that. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Each step of the scale is so much greater than the one before: what is told is right to half of that. */
const base = 1.02;
/** What is nearer to zero counts as zero; what is further away is counted with the last step. */
const [nearest, furthest] = [1e-6, 1e15];
/** Added to the number of a step, so that its sign is free for that of the value. */
const middle = 10_000;

/** Counts numbers on a logarithmic scale: some thousand counts at the most, however many numbers there are. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #sum = 0;
  #least = Infinity;
  #most = -Infinity;
  #areWhole = true;

  add(value: number, times = 1): void {
    const step = toStep(value);
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + times);
    this.#count += times;
    this.#sum += value * times;
    this.#least = Math.min(this.#least, value);
    this.#most = Math.max(this.#most, value);
    this.#areWhole &&= Number.isInteger(value);
  }

  get count(): number {
    return this.#count;
  }

  get least(): number {
    return this.#least;
  }

  get most(): number {
    return this.#most;
  }

  get mean(): number {
    return this.#sum / this.#count;
  }

  /** Whether all numbers are whole. */
  get areWhole(): boolean {
    return this.#areWhole;
  }

  /** `undefined` of no numbers. */
  get quantiles(): Quantiles | undefined {
    if (this.#count === 0) return undefined;
    return quantilesOf(this.list(), this.#count);
  }

  /** About the numbers that were counted, and how often, from the least to the greatest. */
  list(): readonly CountedNumber[] {
    return [...this.#counts]
      .sort(([one], [other]) => one - other)
      .map(([step, count]) => ({ value: this.#toValue(step), count }));
  }

  /** Of the greatest and the least numbers what is known is no estimate. */
  #toValue(step: number): number {
    if (step === toStep(this.#most)) return this.#most;
    if (step === toStep(this.#least)) return this.#least;
    const value = fromStep(step);
    const rounded = this.#areWhole ? Math.round(value) : value;
    return Math.min(this.#most, Math.max(this.#least, rounded));
  }
}

/** A number, and how often it was counted. */
export interface CountedNumber {
  readonly value: number;
  readonly count: number;
}

/** The quantiles of so many numbers, which are listed from the least to the greatest. */
export function quantilesOf(numbers: readonly CountedNumber[], total: number): Quantiles {
  const at = (share: number): number => {
    let left = Math.ceil(total * share);
    const found = numbers.find(({ count }) => {
      left -= count;
      return left <= 0;
    });
    return found?.value ?? 0;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function toStep(value: number): number {
  const size = Math.min(furthest, Math.abs(value));
  if (size < nearest) return 0;
  return Math.sign(value) * (middle + Math.round(Math.log(size) / Math.log(base)));
}

function fromStep(step: number): number {
  return step === 0 ? 0 : Math.sign(step) * base ** (Math.abs(step) - middle);
}
