import { type BatchStep, type BatchSteps, type BatchUnderWay, batchSteps } from "../serve/index.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";
import { countTimes } from "./count-times.js";
import { admitWithin } from "./enqueued-token-limit.js";
import { LimitedLane } from "./limited-lane.js";
import { rewriteOutput } from "./rewrite-output.js";

/** The steps of a batch, with what is to go wrong in them. */
export function toTroubledSteps(trouble: BatchServerTrouble): BatchSteps {
  const { enqueuedTokenLimits, stuckBatches = 0, expireOutputs = 0 } = trouble;
  const { admit, send, publish } = batchSteps;
  const admitAll = enqueuedTokenLimits === undefined ? admit : admitWithin(enqueuedTokenLimits, admit);
  const isGone = countTimes(expireOutputs);
  return {
    ...batchSteps,
    admit: stuckBatches === 0 ? admitAll : admitLate(stuckBatches, admitAll),
    send: sendSome(trouble, send),
    publish: async (batch, services) => {
      await rewriteOutput(batch.paths.output, trouble);
      const change = await publish(batch, services);
      const output = change?.object.output_file_id;
      if (typeof output === "string" && isGone("outputs")) await services.files.remove(output);
      return change;
    },
  };
}

/** Of so many batches nothing is read until they are halted. */
function admitLate(count: number, admit: BatchStep): BatchStep {
  const stuck = new Set<string>();
  return async (batch, services) => {
    if (stuck.size < count) stuck.add(batch.id);
    if (stuck.has(batch.id)) await batch.wait(whenAborted(batch.halted));
    return batch.closing.aborted ? undefined : admit(batch, services);
  };
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Sends so many requests of a batch, which is out of time then, or cancelled. */
function sendSome(
  { expireAfterRequests = Infinity, cancelAfterRequests = Infinity }: BatchServerTrouble,
  send: BatchStep,
): BatchStep {
  const most = Math.min(expireAfterRequests, cancelAfterRequests);
  if (most === Infinity) return send;
  return async (batch, services) => {
    const turns = most - countDone(batch);
    const change = await send(batch, {
      ...services,
      openLane: () => new LimitedLane(services.openLane(), turns),
    });
    if (change?.isExpired !== true || cancelAfterRequests > expireAfterRequests) return change;
    return { object: { ...change.object, status: "cancelling" } };
  };
}

function countDone({ counts }: BatchUnderWay): number {
  return counts.request_counts.completed + counts.request_counts.failed;
}
