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
