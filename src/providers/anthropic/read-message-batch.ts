import { isObject } from "../../api/index.js";
import type { BatchState } from "../profiles/profile.js";
import type { BatchCounts, Sighting } from "../seam/batch-service.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What the object of a Message Batch says. Its results have no name of their own: they go by that of the batch. */
export function readMessageBatch(batch: JsonObject, states: Readonly<Record<string, BatchState>>): Sighting {
  const id = typeof batch.id === "string" ? batch.id : "";
  const word = typeof batch.processing_status === "string" ? batch.processing_status : "";
  const state = Object.hasOwn(states, word) ? (states[word] ?? "unknown") : "unknown";
  return {
    batch: id,
    state,
    word,
    counts: readCounts(batch.request_counts),
    problems: [],
    outputs: state === "ended" ? [id] : [],
    ...(typeof batch.cancel_initiated_at === "string" ? { isCancelled: true } : {}),
  };
}

/** Until a batch has ended, the service counts what it processes alone. */
function readCounts(counts: unknown): BatchCounts | undefined {
  if (!isObject(counts)) return undefined;
  const [processing, completed, failed, canceled, expired] = [
    toCount(counts.processing),
    toCount(counts.succeeded),
    toCount(counts.errored),
    toCount(counts.canceled),
    toCount(counts.expired),
  ];
  const total = processing + completed + failed + canceled + expired;
  return total === 0 ? undefined : { total, completed, failed };
}

function toCount(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
