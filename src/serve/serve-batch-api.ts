import type { BatchServer } from "./batch-server.js";
import { batchSteps } from "./life/batch-steps.js";
import { openBatchServer } from "./open-batch-server.js";
import type { BatchServerOptions } from "./protocol/server-options.js";
import { systemClock } from "./store/clock.js";

/**
 * Serves OpenAI's Files and Batches API, and its endpoints, on this machine: batches are executed against any
 * OpenAI-compatible server, or in rehearsal. A program made for the service runs against it with another base URL.
 *
 * All state is in the folder `data`. A server that was stopped, however that happened, goes on with its batches when it is
 * started on the same folder again, and no request gets two results.
 *
 * Only programs on this machine reach it, unless `host` says otherwise and `apiKey` says who may.
 *
 * @throws OpenbatchError `invalid_option`; `cannot_listen`; `data_folder_in_use`; `unfinished_batches` of a rehearsal where
 * there is none now, or the other way round; or why the folder cannot be used.
 *
 * @example
 * ```ts
 * import { serveBatchApi } from "openbatch/serve";
 *
 * const server = await serveBatchApi({ upstream: { baseURL: "http://localhost:11434/v1" }, port: 4040 });
 * console.log(`OPENAI_BASE_URL=${server.baseURL}`);
 * ```
 */
export async function serveBatchApi(options: BatchServerOptions): Promise<BatchServer> {
  return openBatchServer(options, { clock: systemClock, steps: batchSteps, layers: [] });
}
