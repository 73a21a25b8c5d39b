import { addRanges } from "../database/batch-ranges.js";
import type { StoredBatch } from "../database/batches-table.js";
import type { Session } from "../database/database.js";
import type { TaskQueue } from "../database/task-queue.js";
import { countWorkers } from "../database/workers-table.js";
import { planRanges } from "./plan-ranges.js";
import { leastOpen, openPerWorker, sendRange } from "./range-queue.js";

export interface QueueRangesOptions {
  readonly session: Session;
  readonly queue: TaskQueue;
  /** No more than so many at once. */
  readonly most: number;
}

/** Fixes and queues the next ranges of a batch that is locked. Gives how many. */
export async function queueRanges(
  batch: StoredBatch,
  { session, queue, most }: QueueRangesOptions,
): Promise<number> {
  if (batch.unitsGiven === batch.units) return 0;
  const wanted = Math.max(leastOpen, openPerWorker * (await countWorkers(session)));
  const requests = batch.record.object.request_counts.total;
  const sizes = planRanges({ ...batch, requests }, { wanted, most });
  await addRanges(session, batch, sizes);
  let from = batch.unitsGiven;
  for (const [index, size] of sizes.entries()) {
    const [n, before] = [batch.ranges + index, batch.rangesLeft + index];
    await sendRange(queue, batch, { n, units: [from, from + size], before, session });
    from += size;
  }
  return sizes.length;
}
