/** For how long nothing was sent, and why. */
export interface Pause {
  readonly reason: string;
  readonly ms: number;
}

/** Sums up pauses by their reasons. Each lasts at least until the one before it ends. */
export class Pauses {
  readonly #msByReason = new Map<string, number>();
  #until = 0;
  #lastReason = "";

  /** Times are on one clock, in milliseconds. */
  add(reason: string, from: number, until: number): void {
    this.#add(reason, until - Math.max(from, this.#until));
    this.#until = until;
    this.#lastReason = reason;
  }

  /** Why nothing is sent now, and for how long still; `undefined` where there is no pause. */
  current(now: number): Pause | undefined {
    const ms = Math.round(this.#until - now);
    return ms > 0 ? { reason: this.#lastReason, ms } : undefined;
  }

  /** The longest first; of a pause that is not over, what has passed until now. */
  list(now: number): readonly Pause[] {
    const left = Math.max(0, this.#until - now);
    return [...this.#msByReason]
      .map(([reason, ms]) => ({
        reason,
        ms: Math.round(Math.max(0, reason === this.#lastReason ? ms - left : ms)),
      }))
      .filter(({ ms }) => ms > 0)
      .sort((one, another) => another.ms - one.ms);
  }

  #add(reason: string, ms: number): void {
    this.#msByReason.set(reason, (this.#msByReason.get(reason) ?? 0) + ms);
  }
}
