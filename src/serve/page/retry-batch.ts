import { createReadStream, existsSync } from "node:fs";
import { sizeOf } from "../../files/index.js";
import { openResults, writeRetryFile } from "../../results/index.js";
import { ApiError } from "../protocol/api-error.js";
import { usualLifetimeSeconds } from "../protocol/read-lifetime.js";
import { beginBatch } from "../routes/begin-batch.js";
import { assertPlace } from "../routes/file-routes.js";
import { createFileId } from "../store/object-id.js";
import type { PageStore } from "./page-store.js";
import { retryMark } from "./retry-mark.js";
import type { ServedBatches } from "./served-batches.js";

export interface RetryBatchOptions {
  readonly store: PageStore;
  readonly served: ServedBatches;
  readonly maxFiles: number;
  readonly signal: AbortSignal;
}

/**
 * Makes a batch of what failed in another and is worth sending again, for the same owner. Gives its id.
 * @throws ApiError where there is nothing of that kind.
 */
export async function retryBatch(id: string, options: RetryBatchOptions): Promise<string> {
  const { served, store, maxFiles } = options;
  const [batch, kept] = [await served.find(id), await store.findBatch(id)];
  if (batch === undefined || kept === undefined) throw new ApiError(404, "There is no such batch.");
  if (batch.retriedBy !== undefined) throw new ApiError(409, "What failed in it was sent again already.");
  if (!batch.canRetry) throw new ApiError(409, "There is nothing of it that could be sent again.");
  assertPlace((await store.files.count()) + 1, { maxFiles });
  const { fileId, bytes } = await receiveAgain(id, options);
  const filename = `again-${(batch.name ?? "requests.jsonl").replace(/^(?:again-)+/, "")}`;
  const file = { id: fileId, purpose: "batch", filename, bytes, seconds: usualLifetimeSeconds };
  await store.files.add(file, kept.owner.name);
  const parameters = {
    ...{ endpoint: batch.endpoint, inputFileId: fileId },
    ...{ metadata: { [retryMark]: id }, outputSeconds: usualLifetimeSeconds },
  };
  return (await beginBatch(parameters, { driver: store.driver, caller: kept.owner })).id;
}

/** Puts what is to be sent again where uploads are. */
async function receiveAgain(
  id: string,
  { store, signal }: RetryBatchOptions,
): Promise<{ readonly fileId: string; readonly bytes: number }> {
  const fileId = createFileId();
  const held = await store.hold(id);
  const place = await store.openPlace();
  try {
    const { requests, results = [] } = (await held?.readAll()) ?? {};
    const paths = results.map((file) => file.path).filter((file) => existsSync(file));
    if (requests === undefined || paths.length === 0)
      throw new ApiError(409, "Its requests or its results are not there any more.");
    await using opened = await openResults({ requests: requests.path, results: paths, signal });
    const { written } = await writeRetryFile(place.path, opened, { signal });
    if (written === 0)
      throw new ApiError(409, "What failed would only fail again: nothing of it is worth sending as it is.");
    await store.files.receive(fileId, createReadStream(place.path), signal);
    return { fileId, bytes: (await sizeOf(place.path)) ?? 0 };
  } finally {
    await place.close();
    await held?.close();
  }
}
