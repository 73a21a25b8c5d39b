import { setImmediate } from "node:timers/promises";
import { startWorkers, WorkerThread, workInThreads } from "../../files/index.js";
import { StretchCounter, type StretchCounterData, type StretchTokens } from "./stretch-counter.js";
import type { Stretch } from "./stretches.js";

export interface CountingOptions {
  /** Threads beside this one. */
  readonly workers: number;
  readonly signal: AbortSignal | undefined;
  /** Where the entry of a worker is; beside this file as it is built. */
  readonly workerEntry?: URL;
  readonly onCounted: (counted: StretchTokens, stretch: Stretch) => void;
}

/** So many stretches are counted sooner than a thread is started and has loaded an encoding. */
const fewStretches = 32;

/** Counts the tokens of stretches of an open file, in several threads where there are many. */
export async function countStretches(
  stretches: readonly Stretch[],
  data: StretchCounterData,
  {
    workers,
    signal,
    workerEntry = new URL("./token-worker.js", import.meta.url),
    onCounted,
  }: CountingOptions,
): Promise<void> {
  const count = stretches.length > fewStretches ? workers : 0;
  const threads = startWorkers(workerEntry, count, data).map(
    (worker) => new WorkerThread<Stretch, StretchTokens>(worker),
  );
  const counter = new StretchCounter(data);
  const ownThread = {
    work: async (stretch: Stretch): Promise<StretchTokens> => {
      // Lets the rest of the process have its turn.
      await setImmediate();
      signal?.throwIfAborted();
      return counter.count(stretch);
    },
  };
  try {
    await workInThreads(stretches, [ownThread, ...threads], onCounted);
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
  }
}
