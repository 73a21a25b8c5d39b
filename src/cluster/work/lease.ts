/** A moment on both clocks of the machine: either may stand still, or jump, while the other goes on. */
export interface Moment {
  readonly steady: number;
  readonly wall: number;
}

export function takeMoment(): Moment {
  return { steady: performance.now(), wall: Date.now() };
}

/** By the clock that has gone further, in milliseconds. */
export function elapsedSince({ steady, wall }: Moment): number {
  return Math.max(performance.now() - steady, Date.now() - wall);
}

/**
 * What a worker knows of its hold on a range. The database gives the range to another once it has not heard of the worker for a
 * while; counted here from before the last time that it surely has, the hold is over no later here than there.
 */
export class Lease {
  readonly #lengthMs: number;
  #confirmed: Moment;
  #isLost = false;

  /** @param since before it was taken. */
  constructor(lengthMs: number, since: Moment) {
    this.#lengthMs = lengthMs;
    this.#confirmed = since;
  }

  /** Whether nobody else can have it now. */
  get isHeld(): boolean {
    return !this.#isLost && elapsedSince(this.#confirmed) < this.#lengthMs;
  }

  /** Whether somebody else has it, or may have. It does not come back. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** @param at before the database was asked. */
  confirm(at: Moment): void {
    this.#confirmed = at;
  }

  lose(): void {
    this.#isLost = true;
  }
}
