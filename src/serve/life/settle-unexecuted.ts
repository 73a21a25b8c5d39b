import { settlePending } from "../../execute/index.js";
import { sizeOf } from "../../files/index.js";
import type { BatchRecord } from "../store/batch-record.js";
import type { ServerEvent } from "../store/server-event.js";
import type { BatchPaths } from "./batch-paths.js";
import { endOfBatch } from "./end-of-batch.js";

export interface SettleUnexecutedOptions {
  readonly paths: BatchPaths;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ServerEvent) => void;
}

/** Gives each request of a cancelled or expired batch that was not executed its line in the error file. */
export async function settleUnexecuted(
  { id, object, isExpired }: BatchRecord,
  { paths, signal, onEvent }: SettleUnexecutedOptions,
): Promise<void> {
  const isCancelled = object.status === "cancelling";
  if (!isCancelled && !isExpired) return;
  if ((await sizeOf(paths.requests)) === undefined) {
    const message = `${paths.requests} is gone: what of batch ${id} was not executed has no line in its error file.`;
    return onEvent({ kind: "trouble", message });
  }
  const error = isCancelled ? endOfBatch.cancelled : endOfBatch.expired;
  await settlePending({ ...paths, error, signal });
}
