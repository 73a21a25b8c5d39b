import type { StoredBatch } from "../database/batches-table.js";
import type { QueueName, SendTask, TaskQueue } from "../database/task-queue.js";
import type { RangePlace } from "./attempt-files.js";

/** A range that is to be worked on, by who has its model. */
export interface RangeTask extends RangePlace {
  /** Which of the batch: the first, and the one behind the last. */
  readonly units: readonly [number, number];
  readonly modelKey: string | null;
  /** The caller's. */
  readonly priority: number;
}

/** Where the ranges of a batch wait: made-up answers never come beside real ones. */
export function toRangeQueue({ isRehearsal }: { readonly isRehearsal: boolean }): QueueName {
  return isRehearsal ? "rehearsed_ranges" : "ranges";
}

/**
 * So many ranges of a batch wait or are worked on at once, or two for each worker: who commits one puts the next behind those of
 * others, so that batches take turns.
 */
export const leastOpen = 8;
export const openPerWorker = 2;

/**
 * A range goes behind those of others of whose batches fewer wait before it, so that a small batch is not behind all that wait of
 * many large ones. A caller's own priority comes before that.
 * @param before how many ranges of the same batch are to be done before it.
 */
export function toRangePriority(priority: number, before: number): number {
  return priority * leastOpen - Math.min(before, leastOpen - 1);
}

/** That of the last of the ranges of a batch. */
export function toLeastPriority(priority: number): number {
  return toRangePriority(priority, leastOpen);
}

export interface SendRange extends Pick<SendTask, "session"> {
  readonly n: number;
  readonly units: readonly [number, number];
  /** How many ranges of the same batch are to be done before it. */
  readonly before: number;
}

export async function sendRange(
  queue: TaskQueue,
  { record, modelKey, ...batch }: Pick<StoredBatch, "record" | "modelKey" | "priority">,
  { n, units, before, session }: SendRange,
): Promise<void> {
  const task: RangeTask = { batch: record.id, n, units, modelKey, priority: batch.priority };
  const priority = toRangePriority(batch.priority, before);
  await queue.send(toRangeQueue(record), task, { session, priority, group: record.id });
}
