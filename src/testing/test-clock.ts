import { assertOptions } from "../api/index.js";
import type { Clock } from "../serve/index.js";
import { amountOption } from "./amount-option.js";

export interface TestClockOptions {
  /**
   * How fast the clock goes: 1 as the machine's, 1,728,000 for 24 hours in 50 ms (and the 30 days that files live in 1.5 s), 0
   * not at all: then `advance` alone moves it. By default 1.
   */
  readonly speed?: number | undefined;
  /** What it shows at first. By default the time of the machine. */
  readonly start?: Date | undefined;
}

interface Alarm {
  readonly timeMs: number;
  readonly onTime: () => void;
  timer: NodeJS.Timeout | undefined;
}

/** Node's timers count no further at once. */
const longestTimerMs = 2_147_483_647;

/** The clock of one server. All its times and time limits are of this clock, but for those of its upstream. */
export class TestClock implements Clock {
  readonly #speed: number;
  readonly #alarms = new Set<Alarm>();
  /** Waits until the server has done what it does at this time. */
  readonly #settle: () => Promise<void>;
  #shownMs: number;
  #shownAt = performance.now();

  constructor(
    { speed = 1, start = new Date() }: TestClockOptions,
    settle: () => Promise<void> = async () => undefined,
  ) {
    this.#speed = speed;
    this.#shownMs = start.getTime();
    this.#settle = settle;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#shownMs + (performance.now() - this.#shownAt) * this.#speed;
  }

  /**
   * Moves the clock on. What is due on the way happens in its order, each at its time; what has happened by then is seen when
   * this resolves.
   * @throws OpenbatchError `invalid_option` for what is no amount of time: it never goes back.
   */
  async advance(ms: number): Promise<void> {
    assertOptions({ ms }, { ms: amountOption });
    const target = this.now() + ms;
    await this.#settle();
    for (let next = this.#nextUntil(target); next !== undefined; next = this.#nextUntil(target)) {
      this.#show(next.timeMs);
      this.#ring(next);
      await this.#settle();
    }
    this.#show(target);
    for (const alarm of this.#alarms) this.#arm(alarm);
  }

  wakeAt(timeMs: number, onTime: () => void): () => void {
    const alarm: Alarm = { timeMs, onTime, timer: undefined };
    this.#alarms.add(alarm);
    this.#arm(alarm);
    return () => {
      clearTimeout(alarm.timer);
      this.#alarms.delete(alarm);
    };
  }

  /** It never goes back. */
  #show(timeMs: number): void {
    this.#shownMs = Math.max(timeMs, this.now());
    this.#shownAt = performance.now();
  }

  #nextUntil(timeMs: number): Alarm | undefined {
    return Array.from(this.#alarms)
      .filter((alarm) => alarm.timeMs <= timeMs)
      .sort((one, other) => one.timeMs - other.timeMs)[0];
  }

  #ring(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    if (this.#alarms.delete(alarm)) alarm.onTime();
  }

  #arm(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    const leftMs = alarm.timeMs - this.now();
    if (leftMs > 0 && this.#speed === 0) return;
    const delayMs = leftMs > 0 ? leftMs / this.#speed : 0;
    const onTimer = (): void => (delayMs > longestTimerMs ? this.#arm(alarm) : this.#ring(alarm));
    alarm.timer = setTimeout(onTimer, Math.min(delayMs, longestTimerMs)).unref();
  }
}
