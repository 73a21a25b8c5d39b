import { settlePending } from "../../execute/index.js";
import { sizeOf } from "../../files/index.js";
import type { BatchServices } from "./batch-services.js";
import type { BatchUnderWay } from "./batch-under-way.js";
import { endOfBatch } from "./end-of-batch.js";

/** Gives each request of a cancelled or expired batch that was not executed its line in the error file. */
export async function settleUnexecuted(batch: BatchUnderWay, { onEvent }: BatchServices): Promise<void> {
  const { id, paths } = batch;
  const { object, isExpired } = batch.record;
  const isCancelled = object.status === "cancelling";
  const isAdmitted = object.in_progress_at !== null;
  if (!isAdmitted || !(isCancelled || isExpired)) return;
  if ((await sizeOf(paths.requests)) === undefined) {
    const message = `${paths.requests} is gone: what of batch ${id} was not executed has no line in its error file.`;
    return onEvent({ kind: "trouble", message });
  }
  const error = isCancelled ? endOfBatch.cancelled : endOfBatch.expired;
  await settlePending({ ...paths, error, signal: batch.closing });
}
