import { type BatchSteps, type BatchUnderWay, batchSteps } from "../serve/index.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";
import { admitWithin } from "./enqueued-token-limit.js";
import { LimitedLane } from "./limited-lane.js";
import { rewriteOutput } from "./rewrite-output.js";

/** The steps of a batch, with what is to go wrong in them. */
export function toTroubledSteps(trouble: BatchServerTrouble): BatchSteps {
  const { enqueuedTokenLimits, expireAfterRequests } = trouble;
  const { admit, send, publish } = batchSteps;
  return {
    ...batchSteps,
    ...(enqueuedTokenLimits === undefined ? {} : { admit: admitWithin(enqueuedTokenLimits, admit) }),
    ...(expireAfterRequests === undefined
      ? {}
      : {
          send: (batch, services) => {
            const turns = expireAfterRequests - countDone(batch);
            return send(batch, { ...services, openLane: () => new LimitedLane(services.openLane(), turns) });
          },
        }),
    publish: async (batch, services) => {
      await rewriteOutput(batch.paths.output, trouble);
      return publish(batch, services);
    },
  };
}

function countDone({ counts }: BatchUnderWay): number {
  return counts.request_counts.completed + counts.request_counts.failed;
}
