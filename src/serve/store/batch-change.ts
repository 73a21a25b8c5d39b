import type { BatchError, BatchObject } from "../../api/index.js";
import type { BatchRecord } from "./batch-record.js";

/** What changes of a batch; the fields of the object that it does not name stay, but for the time of its new state. */
export interface BatchChange extends Partial<Omit<BatchRecord, "id" | "sequence" | "object">> {
  readonly object: Partial<BatchObject>;
}

/** A batch after a change. @param at in seconds: when it came into the state that the change brings. */
export function withChange(record: BatchRecord, change: BatchChange, at: number): BatchRecord {
  const { status } = change.object;
  const time = status === undefined ? {} : { [`${status}_at`]: at };
  return { ...record, ...change, object: { ...record.object, ...change.object, ...time } };
}

const noRequests = { total: 0, completed: 0, failed: 0 };

/** A batch whose input is not one; it looks as if none of it was ever begun. */
export function toFailure(data: readonly BatchError[]): BatchChange {
  const errors = { object: "list", data } as const;
  return { object: { status: "failed", errors, in_progress_at: null, request_counts: noRequests } };
}
