import { type BatchError, isAtEnd } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { type BatchChange, toBatchEvent, toFailure } from "../../serve/index.js";
import { changeBatch, loadBatch, type StoredBatch } from "../database/batches-table.js";
import { tell } from "../database/database.js";
import type { Task } from "../database/task-queue.js";
import { advanceBatch, type BatchTask } from "./advance-batch.js";
import type { WorkerParts } from "./worker-parts.js";

/** The waits between tries, in milliseconds: there is one try more. */
const waitsMs = [500, 1_000, 2_000, 4_000];

export interface TryAdvanceOptions {
  /** Waits, and gives whether it may be tried again. */
  readonly rest: (ms: number) => Promise<boolean>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Takes a batch on. What may pass by itself is left to whoever comes next; what fails try after try in a way that nobody foresaw ends
 * the batch, for it would fail with everybody.
 */
export async function tryAdvance(
  task: Task<BatchTask>,
  parts: WorkerParts,
  { rest, onFailure }: TryAdvanceOptions,
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await advanceBatch(task, parts);
    } catch (error) {
      onFailure(error);
      if (!isLasting(error)) return parts.queue.giveBack(task);
      const waitMs = waitsMs[tries];
      if (waitMs === undefined) return failStuck(task, toCause(error), parts);
      if (!(await rest(waitMs))) return parts.queue.giveBack(task);
    }
  }
}

/**
 * Whether an error is one of what is done, and so comes again: not where something is away or refuses, or a machine lacks something.
 * Of PostgreSQL's, those of classes 21 to 23 (the data) and 54 (its limits).
 */
export function isLasting(error: unknown): boolean {
  if (error instanceof OpenbatchError) return false;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code === "" || /^(?:ERR_|2[1-3]|54)/.test(code);
}

function toCause(error: unknown): BatchError {
  const name = error instanceof Error ? error.name : typeof error;
  const message = `The server could not go on with this batch: each try ended with an unexpected ${name}.`;
  return { code: "unexpected_failure", message, line: null, param: null };
}

async function failStuck(
  task: Task<BatchTask>,
  cause: BatchError,
  { database, queue, onEvent }: WorkerParts,
): Promise<void> {
  const { batch: id } = task.data;
  const isFailed = await database.transaction(async (session) => {
    const batch = await loadBatch(session, id, { isLocked: true });
    await queue.complete(task, session);
    if (batch === undefined || isAtEnd(batch.record.object)) return false;
    await changeBatch(session, batch, toEnd(batch, cause));
    await tell(session, id);
    return true;
  });
  if (isFailed) onEvent(toBatchEvent({ id, status: "failed", errors: { object: "list", data: [cause] } }));
}

/** What was answered stays counted. */
function toEnd(
  { record: { object }, completed, failed, usage }: StoredBatch,
  cause: BatchError,
): BatchChange {
  const failure = toFailure([cause]);
  if (object.status === "validating") return failure;
  const { in_progress_at, request_counts } = object;
  const counts = { request_counts: { ...request_counts, completed, failed }, usage };
  return { object: { ...failure.object, in_progress_at, ...counts } };
}
