import { type Lane, WrappedLane } from "../execute/index.js";

/** A lane that grants so many turns, and then no more. */
export class LimitedLane extends WrappedLane {
  #turns: number;

  constructor(lane: Lane, turns: number) {
    super(lane);
    this.#turns = turns;
  }

  override async ready(): Promise<boolean> {
    if (this.#turns <= 0) return false;
    this.#turns -= 1;
    return super.ready();
  }

  override giveBack(): void {
    this.#turns += 1;
    super.giveBack();
  }
}
