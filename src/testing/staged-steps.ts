import type { BatchStatus } from "../api/index.js";
import type { BatchSteps, BatchUnderWay, Clock } from "../serve/index.js";
import type { TestBatchServerOptions } from "./test-server-options.js";

type StageTimes = NonNullable<TestBatchServerOptions["stageMs"]>;

interface Stage {
  readonly status: BatchStatus;
  readonly clock: Clock;
}

/** Steps that keep a batch in a state for so long. */
export function toStagedSteps(steps: BatchSteps, stageMs: StageTimes): BatchSteps {
  const hold = async (batch: BatchUnderWay, { status, clock }: Stage): Promise<void> => {
    const ms = stageMs[status];
    const isEnding = status === "finalizing" || status === "cancelling";
    if (ms === undefined) return;
    await batch.wait(waitFor(clock, ms, isEnding ? batch.closing : batch.halted));
  };
  return {
    ...steps,
    admit: async (batch, services) => {
      await hold(batch, { ...services, status: "validating" });
      return steps.admit(batch, services);
    },
    // Its requests are sent at once, so that whoever asks sees their counts.
    send: async (batch, services) => {
      const change = await steps.send(batch, services);
      if (change !== undefined) await hold(batch, { ...services, status: "in_progress" });
      return batch.closing.aborted ? undefined : change;
    },
    settle: async (batch, services) => {
      await hold(batch, { ...services, status: batch.record.object.status });
      if (!batch.closing.aborted) await steps.settle(batch, services);
    },
  };
}

/** Resolves when the clock has gone on by so much, or at once when aborted. */
function waitFor(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
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
