import { isAtEnd } from "../../api/index.js";
import { ApiError } from "../protocol/api-error.js";
import type { BatchChange } from "../store/batch-change.js";
import type { BatchRecord } from "../store/batch-record.js";

/**
 * What changes of a batch that somebody cancels; nothing where it is being cancelled already.
 * @throws ApiError where it is at its end.
 */
export function toCancelling({ object }: BatchRecord): BatchChange | undefined {
  const { status } = object;
  if (status === "cancelling" || status === "cancelled") return undefined;
  if (isAtEnd(object)) throw new ApiError(409, `Cannot cancel a batch with status '${status}'.`);
  return { object: { status: "cancelling" } };
}
