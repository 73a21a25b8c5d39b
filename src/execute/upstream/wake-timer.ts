/** Node's timers take no more. */
const maxTimerMs = 2 ** 31 - 1;

/** Wakes at the earliest of the times that were asked for, and then forgets them all. */
export class WakeTimer {
  readonly #onWake: () => void;
  #wakeAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(onWake: () => void) {
    this.#onWake = onWake;
  }

  /** @param time on the clock of `performance.now()`. Too late for a timer, it wakes before. */
  wakeAt(time: number): void {
    if (this.#timer !== undefined && this.#wakeAt <= time) return;
    this.clear();
    this.#wakeAt = time;
    const delayMs = Math.min(maxTimerMs, Math.max(1, Math.ceil(time - performance.now())));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onWake();
    }, delayMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
