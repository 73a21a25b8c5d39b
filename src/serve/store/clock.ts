/** What time it is for a server, and when it is to be woken. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once when the clock shows this time or later, never before this call returns. Gives what cancels it. */
  wakeAt(timeMs: number, onTime: () => void): () => void;
}

/** Node's timers count no further at once. */
const longestTimerMs = 2_147_483_647;

/** The time of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt(timeMs, onTime) {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const leftMs = timeMs - Date.now();
      timer = setTimeout(
        leftMs > longestTimerMs ? wait : onTime,
        Math.min(Math.max(leftMs, 0), longestTimerMs),
      );
      // A server that was closed is not kept running by what it would do tomorrow.
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};

/** The time as the service writes it: whole seconds since 1970. */
export function toSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000);
}

/** Resolves when the clock has gone on by so much, or at once when aborted. */
export function waitFor(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.wakeAt(clock.now() + ms, end);
    signal.addEventListener("abort", end);
  });
}
