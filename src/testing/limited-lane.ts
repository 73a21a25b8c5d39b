import type { Lane, LaneRequest, Outcome } from "../execute/index.js";

/** A lane that grants so many turns, and then no more. */
export class LimitedLane implements Lane {
  readonly #lane: Lane;
  #turns: number;

  constructor(lane: Lane, turns: number) {
    this.#lane = lane;
    this.#turns = turns;
  }

  get stopCause(): Lane["stopCause"] {
    return this.#lane.stopCause;
  }

  get causes(): Lane["causes"] {
    return this.#lane.causes;
  }

  async ready(): Promise<boolean> {
    if (this.#turns <= 0) return false;
    this.#turns -= 1;
    return this.#lane.ready();
  }

  send(request: LaneRequest): Promise<Outcome> {
    return this.#lane.send(request);
  }

  giveBack(): void {
    this.#turns += 1;
    this.#lane.giveBack();
  }

  isBlocked(request: Pick<LaneRequest, "url" | "model">): boolean {
    return this.#lane.isBlocked(request);
  }

  close(): void {
    this.#lane.close();
  }

  drain(): void {
    this.#lane.drain();
  }

  abort(): void {
    this.#lane.abort();
  }
}
