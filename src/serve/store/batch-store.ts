import type { BatchRecord } from "./batch-record.js";
import type { Slice } from "./slice.js";

export interface BatchSlice extends Slice {
  /** Anthropic's batches, or those that OpenAI's clients see. */
  readonly isOfMessages: boolean;
}

/** Every batch of a server, or of several. A batch of another owner is as if it were not there. */
export interface BatchStore {
  get(id: string, owner: string): Promise<BatchRecord | undefined>;
  list(slice: BatchSlice, owner: string): Promise<readonly BatchRecord[]>;
  /** Where a batch stands in the order. */
  sequenceOf(id: string, owner: string): Promise<number | undefined>;
}
