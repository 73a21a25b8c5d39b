import { settlePending } from "../../execute/index.js";
import { sizeOf } from "../../files/index.js";
import { type BatchChange, toFailure } from "../store/batch-change.js";
import type { BatchUnderWay } from "./batch-under-way.js";
import { inputLost, toFinalCause } from "./final-cause.js";

/**
 * A cause that does not pass ends a batch. If nothing was answered yet it fails, as it would have by the service's validation;
 * else the requests that are left do.
 * @throws the error where it may pass.
 */
export async function stopBatch(batch: BatchUnderWay, error: unknown): Promise<BatchChange> {
  const { paths } = batch;
  if ((await sizeOf(paths.requests)) === undefined) return stopWithoutInput(batch);
  const cause = toFinalCause(error, batch.record.object);
  if (cause === undefined) throw error;
  if (!batch.isBegun) return toFailure([cause]);
  // A server that has answered before may only be about to load its model.
  if (batch.patience.hasHope) throw error;
  await settlePending({ ...paths, error: cause, signal: batch.closing });
  await batch.recount();
  return { object: { status: "finalizing", ...batch.counts } };
}

function stopWithoutInput(batch: BatchUnderWay): BatchChange {
  const error = inputLost();
  if (!batch.isBegun) return toFailure([error]);
  const errors = { object: "list", data: [error] } as const;
  return { isExpired: true, object: { status: "finalizing", errors, ...batch.counts } };
}
