import type { BatchDriver } from "../life/batch-driver.js";
import { ApiError } from "../protocol/api-error.js";
import type { Caller } from "../protocol/callers.js";
import type { BatchParameters, BatchRecord } from "../store/batch-record.js";

/** Batches that are not at their end. The service takes 2,000 new ones an hour. Source: OpenAI's batch guide, November 2026. */
const maxUnfinishedBatches = 2000;

export interface BeginBatchOptions {
  readonly driver: BatchDriver;
  readonly caller: Caller;
}

/**
 * Makes a batch, and sees to it that it goes on.
 * @throws ApiError where there are too many already.
 */
export async function beginBatch(
  parameters: BatchParameters,
  { driver, caller }: BeginBatchOptions,
): Promise<BatchRecord> {
  if ((await driver.countUnfinished(caller.name)) >= maxUnfinishedBatches) {
    throw new ApiError(429, `There are ${maxUnfinishedBatches} batches already that are not at their end.`, {
      type: "requests",
      code: "rate_limit_exceeded",
    });
  }
  return driver.create(parameters, caller);
}
