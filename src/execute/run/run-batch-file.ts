import { BatchFile, type Selection, selectLines } from "../../batch-file/index.js";
import { type ResultsPaths, scanResults } from "../results-file/scan-results.js";
import { type SendPendingOptions, type SentRun, sendPending } from "./send-pending.js";

export interface RunBatchFileOptions extends ResultsPaths, SendPendingOptions {
  /** The batch file. One that is open already stays so. */
  readonly requests: string | BatchFile;
  readonly select?: Selection;
}

/**
 * Sends every request of a batch file that has no result yet, and writes the results, without a lock, a record or a word to
 * anybody: who calls it keeps two runs from one results file.
 *
 * @throws OpenbatchError `invalid_batch_file`, `empty_file`, `not_a_results_file`, or why a file cannot be read.
 */
export async function runBatchFile(options: RunBatchFileOptions): Promise<SentRun> {
  const { requests, select = {}, signal } = options;
  const batchFile =
    typeof requests === "string" ? await BatchFile.open(requests, { signal, isHashed: false }) : requests;
  try {
    const scan = await scanResults(options, batchFile, { signal });
    return await sendPending({ batchFile, scan, selected: selectLines(batchFile, select) }, options);
  } finally {
    if (batchFile !== requests) batchFile.close();
  }
}
