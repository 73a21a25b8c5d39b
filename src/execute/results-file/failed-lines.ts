import type { FailureName } from "../../outcome/index.js";

/** A byte for each line tells so many apart, and one more for all others. */
const maxNames = 254;

/** Lines whose requests failed, and why: a byte for each line of a file. */
export class FailedLines {
  readonly #numbers: Uint8Array;
  readonly #names: FailureName[] = [];
  /** What the service said of the first of each. */
  readonly #words: string[] = [];
  readonly #numberByKey = new Map<string, number>();

  /** @param lines how many lines the file has. */
  constructor(lines: number) {
    this.#numbers = new Uint8Array(lines + 1);
  }

  has(line: number): boolean {
    return this.#numbers[line] !== 0;
  }

  /** Why the request of a line failed; `undefined` where there are too many causes to know. */
  get(line: number): FailureName | undefined {
    return this.#names[(this.#numbers[line] ?? 0) - 1];
  }

  /** What the service said of the first failure with that name. */
  wordsOf({ statusCode, code }: FailureName): string {
    return this.#words[(this.#numberByKey.get(`${statusCode} ${code}`) ?? 0) - 1] ?? "";
  }

  /** @param words the service's own. */
  set(line: number, name: FailureName, words: string): void {
    this.#numbers[line] = this.#toNumber(name, words);
  }

  delete(line: number): void {
    this.#numbers[line] = 0;
  }

  #toNumber(name: FailureName, words: string): number {
    const key = `${name.statusCode} ${name.code}`;
    const known = this.#numberByKey.get(key);
    if (known !== undefined) return known;
    if (this.#names.length === maxNames) return maxNames + 1;
    const number = this.#names.push(name);
    this.#words.push(words);
    this.#numberByKey.set(key, number);
    return number;
  }
}
