import { type CountedNumber, Histogram, type Quantiles, quantilesOf } from "./histogram.js";

/** What stands at one place of the answers, in numbers. */
export interface AnswerField {
  /** The place, as a column has it: `parsed.mood`, `parsed.people[].name`; `text` of answers without a format. */
  readonly path: string;
  /** How many values there are, without those that are `null`. An answer may have none at the place, and a list several. */
  readonly count: number;
  readonly nulls: number;
  /** How many different values were told apart: 1,000 at the most, and of texts only those of 64 characters and less. */
  readonly distinct: number;
  /** Whether there are more. */
  readonly hasMore: boolean;
  /** Whether few values come again and again: an enum, a boolean, a mark from 1 to 5. Then it is worth listing them. */
  readonly isChoice: boolean;
  /** Those of the different values that came most often, 100 at the most, the most frequent first. */
  readonly values: readonly ValueCount[];
  /** How great the values are that are numbers. */
  readonly numbers?: NumberSpread;
  /** How many characters the values have that are texts. */
  readonly lengths?: Spread;
}

export interface ValueCount {
  readonly value: string | number | boolean;
  readonly count: number;
}

/** How great some numbers are. */
export interface Spread extends Quantiles {
  readonly count: number;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
}

/** Quantiles are right to a hundredth, and exact where no more than 1,000 different numbers were met. */
export interface NumberSpread extends Spread {
  /** The same numbers in up to ten ranges of one width, the least first. */
  readonly ranges: readonly NumberRange[];
}

/** So many numbers are `from` or more, and less than `below`. */
export interface NumberRange {
  readonly from: number;
  readonly below: number;
  readonly count: number;
}

const maxDistinct = 1000;
const maxListed = 100;
/** A longer text is one of its own, and not kept. */
const maxTextLength = 64;
/** So few values are a choice if one comes again; so many, if each comes twice on average. */
const [fewChoices, maxChoices] = [5, 50];
const maxRanges = 10;

/** Counts the values at one place of the answers: in memory is no more than 1,000 of them, whatever comes. */
export class ValueCounts {
  readonly #path: string;
  readonly #counts = new Map<string | number | boolean, number>();
  readonly #numbers = new Histogram();
  readonly #lengths = new Histogram();
  #count = 0;
  #nulls = 0;
  #hasMore = false;
  #hasMoreNumbers = false;

  constructor(path: string) {
    this.#path = path;
  }

  addNull(): void {
    this.#nulls += 1;
  }

  add(value: string | number | boolean): void {
    this.#count += 1;
    if (typeof value === "number") this.#numbers.add(value);
    if (typeof value === "string") this.#lengths.add(value.length);
    const known = this.#counts.get(value);
    if (known !== undefined) this.#counts.set(value, known + 1);
    else if (this.#counts.size < maxDistinct && !isLong(value)) this.#counts.set(value, 1);
    else {
      this.#hasMore = true;
      this.#hasMoreNumbers ||= typeof value === "number";
    }
  }

  toField(): AnswerField {
    const distinct = this.#counts.size;
    return {
      path: this.#path,
      count: this.#count,
      nulls: this.#nulls,
      distinct,
      hasMore: this.#hasMore,
      isChoice: this.#isChoice(),
      values: [...this.#counts]
        .sort(([, one], [, other]) => other - one)
        .slice(0, maxListed)
        .map(([value, count]) => ({ value, count })),
      ...(this.#numbers.count === 0 ? {} : { numbers: this.#toNumberSpread() }),
      ...(this.#lengths.count === 0 ? {} : { lengths: toSpread(this.#lengths, this.#lengths.list()) }),
    };
  }

  #isChoice(): boolean {
    const distinct = this.#counts.size;
    if (distinct === 0 || this.#hasMore) return false;
    if (distinct <= fewChoices) return distinct < this.#count || [...this.#counts.keys()].every(isBoolean);
    return distinct <= maxChoices && distinct * 2 <= this.#count;
  }

  #toNumberSpread(): NumberSpread {
    const listed = this.#hasMoreNumbers ? this.#numbers.list() : this.#listNumbers();
    return { ...toSpread(this.#numbers, listed), ranges: toRanges(listed, this.#numbers) };
  }

  #listNumbers(): readonly CountedNumber[] {
    return [...this.#counts]
      .flatMap(([value, count]) => (typeof value === "number" ? [{ value, count }] : []))
      .sort((one, other) => one.value - other.value);
  }
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isLong(value: unknown): boolean {
  return typeof value === "string" && value.length > maxTextLength;
}

function toSpread(histogram: Histogram, listed: readonly CountedNumber[]): Spread {
  const { count, least, most, mean } = histogram;
  return { count, least, most, mean, ...quantilesOf(listed, count) };
}

function toRanges(numbers: readonly CountedNumber[], { least, most, areWhole }: Histogram): NumberRange[] {
  const width = toWidth(most - least, areWhole);
  if (width === undefined) return [];
  const first = Math.floor(least / width);
  const ranges = Array.from({ length: Math.floor(most / width) - first + 1 }, (_, index) => ({
    from: toRound((first + index) * width),
    below: toRound((first + index + 1) * width),
    count: 0,
  }));
  for (const { value, count } of numbers) {
    const range = ranges[Math.floor(value / width) - first];
    if (range !== undefined) range.count += count;
  }
  return ranges;
}

/** A round width of which ten at the most cover all; `undefined` where there is nothing between, or too little. */
function toWidth(extent: number, areWhole: boolean): number | undefined {
  if (!(extent > 0 && extent < Infinity)) return undefined;
  // Where the first range begins is not where the numbers do, so that one is kept for the rest.
  const most = maxRanges - 1;
  const power = 10 ** Math.floor(Math.log10(extent / most));
  const width = [1, 2, 5, 10].map((step) => step * power).find((step) => extent / step <= most);
  return width !== undefined && areWhole ? Math.max(1, width) : width;
}

/** Without the last digits, in which a product is seldom right. */
function toRound(value: number): number {
  return Number(value.toPrecision(15));
}
