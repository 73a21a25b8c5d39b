import type { BatchChange } from "../store/batch-change.js";
import { BatchSending } from "./batch-sending.js";
import type { BatchServices } from "./batch-services.js";
import type { BatchUnderWay } from "./batch-under-way.js";
import { stopBatch } from "./stop-batch.js";

/**
 * Sends the requests of a batch, for one share of the time, until each has its result or the batch is halted. It stays as it is
 * where it has given its place to another, or the server closes.
 */
export async function sendBatch(
  batch: BatchUnderWay,
  services: BatchServices,
): Promise<BatchChange | undefined> {
  // Who waits for long holds nothing open.
  if (services.runs.isFull) batch.closeInput();
  const leave = await batch.wait(services.runs.enter(batch.halted));
  try {
    const end = await send(batch, services);
    if (end === "handed over" || batch.closing.aborted) return undefined;
    return { isExpired: end === "halted", object: { status: "finalizing", ...batch.counts } };
  } catch (error) {
    return await stopBatch(batch, error);
  } finally {
    leave();
    batch.closeInput();
  }
}

async function send(
  batch: BatchUnderWay,
  { model, openLane }: BatchServices,
): Promise<"done" | "handed over" | "halted"> {
  if (batch.halted.aborted) {
    const { completed, failed, total } = batch.counts.request_counts;
    return completed + failed === total ? "done" : "halted";
  }
  const sending = new BatchSending(openLane());
  batch.sending = sending;
  try {
    const isDone = await sending.run({
      ...batch.paths,
      requests: batch.input,
      model,
      signal: batch.halted,
      onSettled: (settled) => batch.count(settled),
    });
    if (isDone) return "done";
    return sending.isHandedOver && !batch.halted.aborted ? "handed over" : "halted";
  } finally {
    batch.sending = undefined;
  }
}
