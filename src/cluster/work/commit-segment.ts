import { countRange, type RangeCounts } from "../database/batch-ranges.js";
import { loadBatch } from "../database/batches-table.js";
import { type Database, tell } from "../database/database.js";
import { removeProgress } from "../database/progress-table.js";
import { insertSegment } from "../database/segments-table.js";
import type { Task, TaskQueue } from "../database/task-queue.js";
import type { RangePlace } from "./attempt-files.js";
import { queueRanges } from "./queue-ranges.js";

/** The results of an attempt that has one for each request. */
export interface FinishedRange extends RangePlace, RangeCounts {
  readonly token: string;
  readonly outputBytes: number;
  readonly errorsBytes: number;
}

/**
 * Makes the results of an attempt those of its range, if the range has none yet; and with that, in one transaction, counts them,
 * ends the task, and queues the next range of the batch, or its end. Gives whether they were the first. It can be done again
 * where nobody knows whether it was done.
 */
export function commitSegment(
  range: FinishedRange,
  task: Task<RangePlace>,
  { database, queue }: { readonly database: Database; readonly queue: TaskQueue },
): Promise<boolean> {
  return database.transaction(async (session) => {
    // Locked first, so that no two commits of a batch wait for one another.
    const batch = await loadBatch(session, range.batch, { isLocked: true });
    const isFirst = batch !== undefined && (await insertSegment(session, range));
    if (isFirst) {
      const counted = await countRange(session, batch, range);
      await removeProgress(session, range.batch, range.n);
      // One in the place of this one, and one more where there are too few.
      const added = await queueRanges(counted, { session, queue, most: 2 });
      const { priority } = batch;
      if (counted.rangesLeft + added === 0)
        await queue.send("batches", { batch: range.batch }, { session, priority });
      await tell(session, "work");
    }
    await queue.complete(task, session);
    return isFirst;
  });
}
