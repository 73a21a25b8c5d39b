import { assertBatchFile } from "../../batch-file/index.js";
import { RunLock, toPath, toRunFiles, toRunPaths } from "../../files/index.js";
import { defaultTimeoutMs, HttpTransport, resolveServer } from "../../http/index.js";
import { defaultMaxRetries, patiencePerRetryMs } from "../../outcome/index.js";
import { createRehearsal } from "../../rehearse/index.js";
import { RehearsalTransport } from "../upstream/rehearsal-transport.js";
import { Upstream } from "../upstream/upstream.js";
import { assertExecuteOptions, type ExecuteBatchFileOptions } from "./execute-options.js";
import { Execution } from "./execution.js";
import type { RunSummary } from "./run-summary.js";

/** Nobody wants to wait long for an answer that is made up not to come. */
const rehearsalTimeoutMs = 10_000;

const commands = {
  command: "openbatch run FILE",
  commandWithoutServer: "openbatch run FILE --rehearse",
  exampleURL: "http://localhost:11434/v1",
};

/**
 * Sends every request of a batch file to an OpenAI-compatible server, here and now, and appends each answer to the results file
 * the moment it arrives: one line a request, in the Batch API's own format, success and failure alike.
 *
 * The same call again goes on where it stopped, whatever stopped it: what has a result is not sent again, and in the end there
 * is exactly one for each request. Beside the results are a record of the runs ({@link readRunRecord}) and, while it runs, a
 * lock. All are readable by their owner only. Memory stays flat but for about 35 bytes a request.
 *
 * A request that fails for a reason of its own is a result, and nothing is thrown for it: see `failed` in the summary.
 *
 * @throws RunStoppedError if the run ends before each request has a result; its `summary` tells how far it came.
 * @throws OpenbatchError before anything is sent: `invalid_option`, `invalid_batch_file`, `batch_file_changed`, `run_differs`,
 * `run_in_progress`, `not_a_results_file`, `rehearsal_mixed` and those of files; or the signal's reason.
 *
 * @example
 * ```ts
 * import { executeBatchFile } from "openbatch/execute";
 *
 * const summary = await executeBatchFile("requests.jsonl", { baseURL: "http://localhost:11434/v1", model: "llama3.2" });
 * console.log(`${summary}`);
 * ```
 */
export function executeBatchFile(
  path: string | URL,
  options: ExecuteBatchFileOptions = {},
): Promise<RunSummary> {
  return execute(path, options, { isSameServer: false });
}

/** The same, where the results that are there are known to be of this server, whether or not it makes them up. */
export function executeMore(path: string | URL, options: ExecuteBatchFileOptions): Promise<RunSummary> {
  return execute(path, options, { isSameServer: true });
}

async function execute(
  path: string | URL,
  options: ExecuteBatchFileOptions,
  { isSameServer }: { readonly isSameServer: boolean },
): Promise<RunSummary> {
  assertExecuteOptions(options);
  const file = toPath(path);
  assertBatchFile(file);
  const { rehearse = false, concurrency, requestsPerMinute, tokensPerMinute, maxRetries, onEvent } = options;
  const {
    memoryInFlight: bytesInFlight,
    timeoutMs = rehearse === false ? defaultTimeoutMs : rehearsalTimeoutMs,
  } = options;
  const server =
    rehearse === false
      ? {
          ...resolveServer({ ...options, ...commands }),
          headers: options.headers,
          timeoutMs,
          memoryInFlight: bytesInFlight,
        }
      : undefined;
  const rehearsal = createRehearsal(typeof rehearse === "object" ? rehearse : {}, "openbatch");
  const upstream = new Upstream({
    transport: server ? new HttpTransport(server) : new RehearsalTransport({ rehearsal, timeoutMs }),
    concurrency,
    requestsPerMinute,
    tokensPerMinute,
    bytesInFlight,
    maxRetries,
    patienceMs: (maxRetries ?? defaultMaxRetries) * patiencePerRetryMs,
    onEvent,
  });
  try {
    const output = toPath(options.output ?? toRunFiles(file)[rehearse === false ? "results" : "rehearsal"]);
    const paths = toRunPaths(output, file);
    const lock = RunLock.take(paths.lock);
    try {
      return await new Execution({
        ...{ file, output, paths, upstream, server, timeoutMs, options },
        isSameServer,
      }).run();
    } finally {
      lock.release();
    }
  } finally {
    await upstream.close();
  }
}
