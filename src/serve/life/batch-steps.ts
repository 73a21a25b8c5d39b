import type { BatchChange } from "../store/batch-change.js";
import { admitBatch } from "./admit-batch.js";
import type { BatchServices } from "./batch-services.js";
import type { BatchUnderWay } from "./batch-under-way.js";
import { publishResults } from "./publish-results.js";
import { sendBatch } from "./send-batch.js";
import { settleUnexecuted } from "./settle-unexecuted.js";

/** Gives what changes of a batch by the step; nothing where the batch is to stay as it is. */
export type BatchStep = (batch: BatchUnderWay, services: BatchServices) => Promise<BatchChange | undefined>;

/**
 * What takes a batch from one state to the next. Each step leaves what it has done on the disk, and can be done again, by another
 * server too. It throws what is a cause outside the batch.
 */
export interface BatchSteps {
  /** `validating`, to `in_progress` or `failed`. */
  readonly admit: BatchStep;
  /** `in_progress`, to `finalizing` or `failed`. */
  readonly send: BatchStep;
  /** `finalizing` and `cancelling`, before its results are shown. */
  readonly settle: (batch: BatchUnderWay, services: BatchServices) => Promise<void>;
  /** `finalizing` and `cancelling`, to `completed`, `expired` or `cancelled`. */
  readonly publish: BatchStep;
}

export const batchSteps: BatchSteps = {
  admit: admitBatch,
  send: sendBatch,
  settle: settleUnexecuted,
  publish: publishResults,
};
