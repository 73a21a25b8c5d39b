import { type BatchObject, isAtEnd, isObject } from "../../api/index.js";
import { tryToJson } from "../../jsonl/index.js";
import { judgeLine } from "../../outcome/index.js";

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
export function toMessageResultLine(text: string): string {
  const line: JsonObject = JSON.parse(text);
  const { custom_id } = line;
  const message = "The answer is nested too deep to be written.";
  return (
    tryToJson({ custom_id, result: toResult(line) }) ??
    JSON.stringify({ custom_id, result: { type: "errored", error: toErrorBody(message) } })
  );
}

function toResult(line: JsonObject): JsonObject {
  const outcome = judgeLine(line);
  switch (outcome.status) {
    case "succeeded":
      return { type: "succeeded", message: outcome.body };
    case "expired":
      return { type: "expired" };
    case "cancelled":
      return { type: "canceled" };
    case "failed":
      return {
        type: "errored",
        error: isObject(line.response) ? line.response.body : toErrorBody(outcome.error.message),
      };
    case "unreadable":
      return { type: "errored", error: toErrorBody("The answer cannot be read.") };
  }
}

function toErrorBody(message: string): JsonObject {
  return { type: "error", error: { type: "api_error", message, details: null }, request_id: null };
}
