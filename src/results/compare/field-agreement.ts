import { type ComparedAnswer, isSameValue, toWritable } from "./compared-answer.js";

/** How often two answers to one request have the same at one place. */
export interface FieldAgreement {
  /** The place, as a column has it: `parsed.mood`, or `text`. A list is compared as a whole. */
  readonly path: string;
  /** Requests of which both answers have something at the place, and of which one of them alone has. */
  readonly compared: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Of the compared ones. */
  readonly agreed: number;
  /** What stands in the one and in the other where they differ, the most frequent first: the first 20 of up to 1,000. Long texts and lists are not among them. */
  readonly pairs: readonly ValuePair[];
  /** Whether there are more pairs than are listed. */
  readonly hasMorePairs: boolean;
}

export interface ValuePair {
  readonly a: string | number | boolean | null;
  readonly b: string | number | boolean | null;
  readonly count: number;
}

/** What two answers have at a place where they differ; `undefined` where one has nothing. */
export interface FieldDifference {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

const maxFields = 100;
const maxPairs = 1000;
const maxListed = 20;
const maxTextLength = 64;

/** Compares answers place by place. In memory are the first hundred places, with up to a thousand pairs of values each. */
export class FieldAgreements {
  readonly #fields = new Map<string, AgreementCounts>();

  /** Gives the places at which the two answers differ: all of them, also those that are not counted. */
  add(one: ComparedAnswer, other: ComparedAnswer): readonly FieldDifference[] {
    const differences: FieldDifference[] = [];
    for (const path of new Set([...one.keys(), ...other.keys()])) {
      const [a, b] = [one.get(path), other.get(path)];
      const isCompared = one.has(path) && other.has(path);
      const isSame = isCompared && isSameValue(a, b);
      const counts = this.#countsOf(path);
      if (isCompared) counts?.addCompared(a, b, isSame);
      else counts?.addAlone(one.has(path));
      if (!isSame) differences.push({ path, a: toWritable(a), b: toWritable(b) });
    }
    return differences;
  }

  /** In the order in which the places were first met. */
  list(): readonly FieldAgreement[] {
    return [...this.#fields.values()].map((counts) => counts.toAgreement());
  }

  #countsOf(path: string): AgreementCounts | undefined {
    const known = this.#fields.get(path);
    if (known !== undefined || this.#fields.size >= maxFields) return known;
    const counts = new AgreementCounts(path);
    this.#fields.set(path, counts);
    return counts;
  }
}

class AgreementCounts {
  readonly #path: string;
  #compared = 0;
  #agreed = 0;
  #onlyA = 0;
  #onlyB = 0;
  #hasMore = false;
  readonly #pairs = new Map<
    string,
    { readonly a: ValuePair["a"]; readonly b: ValuePair["b"]; count: number }
  >();

  constructor(path: string) {
    this.#path = path;
  }

  addAlone(isA: boolean): void {
    if (isA) this.#onlyA += 1;
    else this.#onlyB += 1;
  }

  addCompared(a: unknown, b: unknown, isSame: boolean): void {
    this.#compared += 1;
    if (isSame) this.#agreed += 1;
    else if (isShort(a) && isShort(b)) this.#addPair(a, b);
  }

  toAgreement(): FieldAgreement {
    const pairs = [...this.#pairs.values()].sort((one, other) => other.count - one.count);
    return {
      path: this.#path,
      compared: this.#compared,
      onlyA: this.#onlyA,
      onlyB: this.#onlyB,
      agreed: this.#agreed,
      pairs: pairs.slice(0, maxListed),
      hasMorePairs: this.#hasMore || pairs.length > maxListed,
    };
  }

  #addPair(a: ValuePair["a"], b: ValuePair["b"]): void {
    const key = JSON.stringify([a, b]);
    const known = this.#pairs.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#pairs.size < maxPairs) this.#pairs.set(key, { a, b, count: 1 });
    else this.#hasMore = true;
  }
}

function isShort(value: unknown): value is ValuePair["a"] {
  if (typeof value === "string") return value.length <= maxTextLength;
  return value === null || typeof value === "number" || typeof value === "boolean";
}
