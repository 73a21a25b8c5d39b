import type { Stray, Strays } from "./results.js";

const maxListed = 1000;

/** Counts the lines that no result is made of, and lists the first of them. */
export class StrayList implements Strays {
  count = 0;
  readonly #listed: Stray[] = [];
  readonly #onStray: (stray: Stray) => void;

  constructor(onStray: (stray: Stray) => void = () => {}) {
    this.#onStray = onStray;
  }

  get listed(): readonly Stray[] {
    return this.#listed;
  }

  add(stray: Stray): void {
    this.count += 1;
    if (this.#listed.length < maxListed) this.#listed.push(stray);
    this.#onStray(stray);
  }
}
