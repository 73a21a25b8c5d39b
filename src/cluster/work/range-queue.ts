import type { BatchRecord } from "../../serve/index.js";
import type { QueueName } from "../database/task-queue.js";

/** Where the ranges of a batch wait: made-up answers never come beside real ones. */
export function toRangeQueue({ isRehearsal }: Pick<BatchRecord, "isRehearsal">): QueueName {
  return isRehearsal ? "rehearsed_ranges" : "ranges";
}
