type Answer = (isGranted: boolean) => void;

interface Entry<Taker> {
  readonly taker: Taker;
  readonly answers: Answer[];
}

/** Who waits for a turn, in a fair rotation: each taker gets one turn before any gets its next, however many it asks for. */
export class Turns<Taker> {
  /** The next first. Takers are few: a list is searched faster than a map is kept. */
  readonly #rotation: Entry<Taker>[] = [];

  get isEmpty(): boolean {
    return this.#rotation.length === 0;
  }

  wait(taker: Taker): Promise<boolean> {
    return new Promise((resolve) => {
      const entry = this.#rotation.find((each) => each.taker === taker);
      if (entry === undefined) this.#rotation.push({ taker, answers: [resolve] });
      else entry.answers.push(resolve);
    });
  }

  /** Takes the next out of the rotation. Call `grant` to give it its turn. */
  next(): { readonly taker: Taker; readonly grant: Answer } | undefined {
    const entry = this.#rotation.shift();
    const grant = entry?.answers.shift();
    if (entry === undefined || grant === undefined) return undefined;
    if (entry.answers.length > 0) this.#rotation.push(entry);
    return { taker: entry.taker, grant };
  }

  /** Sends everyone away who waits for this taker. */
  refuse(taker: Taker): void {
    const index = this.#rotation.findIndex((each) => each.taker === taker);
    if (index === -1) return;
    for (const entry of this.#rotation.splice(index, 1)) {
      for (const answer of entry.answers) answer(false);
    }
  }
}
