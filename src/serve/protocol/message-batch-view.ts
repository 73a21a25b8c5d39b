import { type BatchObject, isAtEnd, isObject } from "../../api/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The id under which Anthropic's clients know a batch. */
export function toMessageBatchId(id: string): string {
  return `msg${id}`;
}

export function fromMessageBatchId(id: string): string {
  return id.replace(/^msg(?=batch_)/, "");
}

/** A batch as Anthropic shows one; until its end all of it is being processed. */
export function toMessageBatch(batch: BatchObject, resultsURL: string): JsonObject {
  const { status, created_at, expires_at, cancelling_at } = batch;
  const hasEnded = isAtEnd(batch);
  return {
    id: toMessageBatchId(batch.id),
    type: "message_batch",
    processing_status: hasEnded ? "ended" : status === "cancelling" ? "canceling" : "in_progress",
    request_counts: toCounts(batch, hasEnded),
    ended_at: hasEnded ? toTime(endOf(batch)) : null,
    created_at: toTime(created_at),
    expires_at: toTime(expires_at),
    archived_at: null,
    cancel_initiated_at: cancelling_at === null ? null : toTime(cancelling_at),
    results_url: hasEnded ? resultsURL : null,
  };
}

function toCounts({ request_counts, metadata, status }: BatchObject, hasEnded: boolean): JsonObject {
  const total = Number(metadata?.requests ?? request_counts.total);
  const { completed, failed } = request_counts;
  const rest = total - completed - failed;
  return {
    processing: hasEnded ? 0 : total,
    succeeded: hasEnded ? completed : 0,
    errored: hasEnded ? failed : 0,
    canceled: hasEnded && status !== "expired" ? rest : 0,
    expired: hasEnded && status === "expired" ? rest : 0,
  };
}

function endOf({ completed_at, expired_at, cancelled_at, failed_at, created_at }: BatchObject): number {
  return completed_at ?? expired_at ?? cancelled_at ?? failed_at ?? created_at;
}

function toTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace("Z", "000+00:00");
}

/** A line of the output or error file as one of Anthropic's results. */
export function toMessageResult({ custom_id, response, error }: JsonObject): JsonObject {
  if (isObject(response)) {
    const isMessage = response.status_code === 200;
    return {
      custom_id,
      result: isMessage
        ? { type: "succeeded", message: response.body }
        : { type: "errored", error: response.body },
    };
  }
  const code = isObject(error) ? error.code : undefined;
  if (code === "batch_expired") return { custom_id, result: { type: "expired" } };
  if (code === "batch_cancelled") return { custom_id, result: { type: "canceled" } };
  const message = isObject(error) && typeof error.message === "string" ? error.message : "";
  const details = { type: "error", error: { type: "api_error", message, details: null }, request_id: null };
  return { custom_id, result: { type: "errored", error: details } };
}
