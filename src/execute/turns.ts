/** Who waits for a turn, in a fair rotation: each taker gets one turn before any gets its next, however many it asks for. */
export class Turns<Taker> {
  /** Those that wait, the next first. */
  readonly #rotation: Taker[] = [];
  readonly #waiting = new Map<Taker, ((isGranted: boolean) => void)[]>();

  get isEmpty(): boolean {
    return this.#rotation.length === 0;
  }

  wait(taker: Taker): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(taker);
      if (waiting !== undefined) return void waiting.push(resolve);
      this.#waiting.set(taker, [resolve]);
      this.#rotation.push(taker);
    });
  }

  /** Takes the next out of the rotation. Call what it gives back to grant the turn. */
  next(): { readonly taker: Taker; readonly grant: (isGranted: boolean) => void } | undefined {
    const taker = this.#rotation.shift();
    if (taker === undefined) return undefined;
    const waiting = this.#waiting.get(taker) ?? [];
    const grant = waiting.shift() ?? (() => {});
    if (waiting.length > 0) this.#rotation.push(taker);
    else this.#waiting.delete(taker);
    return { taker, grant };
  }

  /** Sends everyone away who waits for this taker. */
  refuse(taker: Taker): void {
    const waiting = this.#waiting.get(taker);
    if (waiting === undefined) return;
    this.#waiting.delete(taker);
    this.#rotation.splice(this.#rotation.indexOf(taker), 1);
    for (const grant of waiting) grant(false);
  }
}
