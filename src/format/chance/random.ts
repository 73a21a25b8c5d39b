import type { Hash } from "./hash-text.js";

/** Numbers that look random and are always the same for the same seed. The generator is sfc32. */
export class Random {
  #a: number;
  #b: number;
  #c = 0x9e3779b9;
  #counter = 1;

  constructor(seed: Hash) {
    this.#a = seed.low | 0;
    this.#b = seed.high | 0;
    for (let round = 0; round < 8; round += 1) this.next();
  }

  /** A whole number from 0 to 2³² - 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** From 0 up to, but not, 1. */
  fraction(): number {
    return this.next() / 4_294_967_296;
  }

  /** A whole number from 0 up to, but not, `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** A whole number, both ends included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  chance(share: number): boolean {
    return this.fraction() < share;
  }

  /** One of a list that is not empty. */
  pick<Value>(list: readonly [Value, ...Value[]]): Value {
    return list[this.below(list.length)] ?? list[0];
  }

  /** Lower-case hexadecimal digits. */
  hex(length: number): string {
    let digits = "";
    while (digits.length < length) {
      const bits = this.next();
      digits += `${fourDigits(bits >>> 16)}${fourDigits(bits & 0xffff)}`;
    }
    return digits.slice(0, length);
  }
}

/** All pairs of digits: to look them up takes an eighth of the time of writing a number in base 16. */
const digitPairs = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));

function fourDigits(bits: number): string {
  return `${digitPairs[bits >>> 8]}${digitPairs[bits & 0xff]}`;
}
