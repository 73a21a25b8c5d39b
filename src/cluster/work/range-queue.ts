import type { BatchRecord } from "../../serve/index.js";
import type { QueueName } from "../database/task-queue.js";

/** Where the ranges of a batch wait: made-up answers never come beside real ones. */
export function toRangeQueue({ isRehearsal }: Pick<BatchRecord, "isRehearsal">): QueueName {
  return isRehearsal ? "rehearsed_ranges" : "ranges";
}

/** So many ranges of a batch wait at once: who commits one puts the next behind those of others, so that batches take turns. */
export const mostQueued = 8;

/**
 * A range goes behind those of others of whose batches fewer wait before it, so that a small batch is not behind all that wait of
 * many large ones. A caller's own priority comes before that.
 * @param before how many ranges of the same batch are to be done before it.
 */
export function toRangePriority(priority: number, before: number): number {
  return priority * mostQueued - Math.min(before, mostQueued - 1);
}
