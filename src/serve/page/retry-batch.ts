import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { sizeOf } from "../../files/index.js";
import { openResults, type RetryFile, writeRetryFile } from "../../results/index.js";
import type { BatchDriver } from "../life/batch-driver.js";
import { ApiError } from "../protocol/api-error.js";
import { soleCaller } from "../protocol/callers.js";
import { usualLifetimeSeconds } from "../protocol/read-lifetime.js";
import { beginBatch } from "../routes/begin-batch.js";
import { assertPlace } from "../routes/file-routes.js";
import type { DiskFileStore } from "../store/disk-file-store.js";
import { createFileId } from "../store/object-id.js";
import { retryMark, type ServedBatches } from "./served-batches.js";

export interface RetryBatchOptions {
  readonly served: ServedBatches;
  readonly files: DiskFileStore;
  readonly driver: BatchDriver;
  readonly maxFiles: number;
  readonly signal: AbortSignal;
}

/**
 * Makes a batch of what failed in another and is worth sending again. Gives its id.
 * @throws ApiError where there is nothing of that kind.
 */
export async function retryBatch(id: string, options: RetryBatchOptions): Promise<string> {
  const { served, files, driver, maxFiles } = options;
  const batch = await served.find(id);
  if (batch === undefined) throw new ApiError(404, "There is no such batch.");
  if (batch.retriedBy !== undefined) throw new ApiError(409, "What failed in it was sent again already.");
  if (!batch.canRetry) throw new ApiError(409, "There is nothing of it that could be sent again.");
  assertPlace((await files.count()) + 1, { maxFiles });
  const fileId = createFileId();
  const { written } = await writeAgain(id, files.pathOf(fileId), options);
  if (written === 0)
    throw new ApiError(409, "What failed would only fail again: nothing of it is worth sending as it is.");
  const filename = `again-${(batch.name ?? "requests.jsonl").replace(/^(?:again-)+/, "")}`;
  const bytes = (await sizeOf(files.pathOf(fileId))) ?? 0;
  await files.add({ id: fileId, purpose: "batch", filename, bytes, seconds: usualLifetimeSeconds });
  const parameters = {
    ...{ endpoint: batch.endpoint, inputFileId: fileId },
    ...{ metadata: { [retryMark]: id }, outputSeconds: usualLifetimeSeconds },
  };
  return (await beginBatch(parameters, { driver, caller: soleCaller })).id;
}

async function writeAgain(
  id: string,
  path: string,
  { served, signal }: RetryBatchOptions,
): Promise<RetryFile> {
  const found = await served.findFiles(id);
  const results = (found?.results ?? []).map((file) => file.path).filter((file) => existsSync(file));
  if (found?.requests === undefined || results.length === 0)
    throw new ApiError(409, "Its requests or its results are not there any more.");
  await using opened = await openResults({ requests: found.requests.path, results, signal });
  const retry = await writeRetryFile(path, opened, { signal });
  if (retry.written > 0) await chmod(path, 0o600);
  return retry;
}
