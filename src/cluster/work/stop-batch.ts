import type { BatchError } from "../../api/index.js";
import { inputLost, toBatchEvent, toFailure } from "../../serve/index.js";
import { changeBatch, loadBatch } from "../database/batches-table.js";
import { tell } from "../database/database.js";
import { hasProgress } from "../database/progress-table.js";
import type { Task } from "../database/task-queue.js";
import type { RangePlace } from "./attempt-files.js";
import type { WorkerParts } from "./worker-parts.js";

type StopParts = Pick<WorkerParts, "database" | "queue" | "onEvent">;

/** Fails a batch none of which was answered, for a cause that will not pass. Gives whether it did. */
export async function failUnbegun(
  task: Task<RangePlace>,
  cause: BatchError,
  { database, queue, onEvent }: StopParts,
): Promise<boolean> {
  const id = task.data.batch;
  const isFailed = await database.transaction(async (session) => {
    const batch = await loadBatch(session, id, { isLocked: true });
    const isBegun =
      batch === undefined || batch.completed + batch.failed > 0 || (await hasProgress(session, id));
    if (isBegun || batch.record.object.status !== "in_progress") return false;
    await changeBatch(session, batch, toFailure([cause]));
    await queue.complete(task, session);
    return true;
  });
  if (isFailed) onEvent(toBatchEvent({ id, status: "failed", errors: { object: "list", data: [cause] } }));
  return isFailed;
}

/** Ends a batch whose input is gone with what there is, if nobody has ended it yet; what is under way of it is settled. */
export async function endWithoutInput(id: string, { database, onEvent }: StopParts): Promise<void> {
  const isEnded = await database.transaction(async (session) => {
    const batch = await loadBatch(session, id, { isLocked: true });
    if (batch?.record.object.status !== "in_progress") return false;
    const errors = { object: "list", data: [inputLost()] } as const;
    await changeBatch(session, batch, { isExpired: true, object: { status: "finalizing", errors } });
    await tell(session, id);
    return true;
  });
  if (isEnded) onEvent({ kind: "batch", id, status: "finalizing" });
}
