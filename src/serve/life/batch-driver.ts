import type { BatchObject } from "../../api/index.js";
import type { Caller } from "../protocol/callers.js";
import type { BatchParameters, BatchRecord } from "../store/batch-record.js";

/** Whoever takes batches from their making to their end: this process, or others. */
export interface BatchDriver {
  /** How many batches of somebody are not at their end. */
  countUnfinished(owner: string): Promise<number>;
  /** Makes a batch, and sees to it that it goes on. */
  create(parameters: BatchParameters, caller: Caller): Promise<BatchRecord>;
  /**
   * The batch as it is at this moment.
   * @throws ApiError where its counts are not known yet: whoever asks again and again never sees them go back.
   */
  show(record: BatchRecord): Promise<BatchObject>;
  /** @throws ApiError where it is at its end already, but for one that was cancelled. */
  cancel(id: string, owner: string): Promise<BatchRecord>;
}
