import { type BatchChange, toFailure } from "../store/batch-change.js";
import type { BatchServices } from "./batch-services.js";
import type { BatchUnderWay } from "./batch-under-way.js";
import { openInput } from "./open-input.js";

/** Reads the input of a batch, and admits it or lets the batch fail. What was read stays open for its execution. */
export async function admitBatch(
  batch: BatchUnderWay,
  { files, models, model, readings }: BatchServices,
): Promise<BatchChange | undefined> {
  const leave = await batch.wait(readings.enter(batch.halted));
  try {
    const signal = batch.closing;
    const input = await openInput(batch.paths.requests, {
      batch: batch.record.object,
      files,
      models,
      signal,
    });
    if (input.kind === "valid") batch.keepInput(input.batchFile);
    if (signal.aborted) return undefined;
    if (input.kind === "invalid") return toFailure(input.errors);
    const { requests, promptTokens } = input;
    const request_counts = { total: requests, completed: 0, failed: 0 };
    return { promptTokens, object: { status: "in_progress", model: model ?? input.model, request_counts } };
  } finally {
    leave();
  }
}
