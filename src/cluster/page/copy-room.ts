import { ApiError } from "../../serve/index.js";

/** How much of the disk all copies have together. */
export class CopyRoom {
  readonly #most: number;
  readonly #taken = new Map<object, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param bytes more; below 0 they are given back.
   * @throws ApiError where there is no room for them.
   */
  take(copy: object, bytes: number): void {
    const all = [...this.#taken.values()].reduce((sum, each) => sum + each, bytes);
    if (bytes > 0 && all > this.#most)
      throw new ApiError(503, "Too much is open on the pages of this server. Please try again in a minute.");
    this.#taken.set(copy, (this.#taken.get(copy) ?? 0) + bytes);
  }

  /** Which part of all it has. */
  shareOf(copy: object): number {
    return (this.#taken.get(copy) ?? 0) / this.#most;
  }

  leave(copy: object): void {
    this.#taken.delete(copy);
  }
}
