import type { BatchError, BatchObject } from "../../api/index.js";
import type { BatchRecord } from "./batch-record.js";

/** What changes of a batch; the fields of the object that it does not name stay. */
export interface BatchChange extends Partial<Omit<BatchRecord, "id" | "sequence" | "object">> {
  readonly object: Partial<BatchObject>;
}

const noRequests = { total: 0, completed: 0, failed: 0 };

/** A batch whose input is not one; it looks as if none of it was ever begun. */
export function toFailure(data: readonly BatchError[], now: number): BatchChange {
  const errors = { object: "list", data } as const;
  const none = { in_progress_at: null, request_counts: noRequests };
  return { object: { status: "failed", failed_at: now, errors, ...none } };
}

/** How a batch ends that is finalizing, or cancelling. */
export function toEnd(
  { object, isExpired }: BatchRecord,
  now: number,
): Pick<BatchObject, "status"> & Partial<BatchObject> {
  if (object.status === "cancelling") return { status: "cancelled", cancelled_at: now };
  return isExpired ? { status: "expired", expired_at: now } : { status: "completed", completed_at: now };
}
