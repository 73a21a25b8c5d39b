import { endOfBatch } from "../../serve/index.js";
import type { StoredBatch } from "../database/batches-table.js";

/** Why the requests of a range are settled without being sent. */
export interface SettlingError {
  readonly code: string;
  readonly message: string;
}

/** A range that was taken so often without getting any further is not sent any more. */
const mostTakes = 5;

const poisoned: SettlingError = {
  code: "range_failed",
  message: "This request could not be executed: each worker that had it ended before it had an answer.",
};

/** Gives nothing where the requests of a range are to be sent. */
export function toSettlingError({ record }: StoredBatch, takes: number): SettlingError | undefined {
  if (record.object.status === "cancelling") return endOfBatch.cancelled;
  if (record.object.status === "finalizing") return endOfBatch.expired;
  return takes > mostTakes ? poisoned : undefined;
}
