import { setImmediate } from "node:timers/promises";
import { BatchFile, readRequestLine } from "../../batch-file/index.js";
import { ResultsWriter } from "../results-file/results-writer.js";
import { type ResultsPaths, type ResultsScan, scanResults } from "../results-file/scan-results.js";

const linesBetweenPauses = 1_000;

export interface SettlePendingOptions extends ResultsPaths {
  /** The batch file. */
  readonly requests: string;
  /** Why the requests will not be answered. */
  readonly error: { readonly code: string; readonly message: string };
  readonly signal?: AbortSignal;
}

/** Writes an error as the result of every request of a batch file that has none. Gives how many these were. */
export async function settlePending(options: SettlePendingOptions): Promise<number> {
  const { requests, error, signal } = options;
  const batchFile = await BatchFile.open(requests, { signal });
  try {
    const scan = await scanResults(options, batchFile, { signal });
    const writer = new ResultsWriter(scan);
    try {
      return await writeErrors(listPending(batchFile, scan), { writer, error });
    } finally {
      writer.close();
    }
  } finally {
    batchFile.close();
  }
}

async function writeErrors(
  ids: Iterable<string>,
  { writer, error }: { readonly writer: ResultsWriter; readonly error: SettlePendingOptions["error"] },
): Promise<number> {
  let count = 0;
  for (const custom_id of ids) {
    const { failure } = writer.write([{ custom_id, outcome: { kind: "unanswered", error } }]);
    if (failure !== undefined) throw failure.error;
    count += 1;
    if (count % linesBetweenPauses === 0) await setImmediate();
  }
  return count;
}

function* listPending(batchFile: BatchFile, { done, unexecuted }: ResultsScan): Generator<string> {
  const lines = batchFile.createWalker();
  while (lines.step()) {
    if (done.has(lines.number) || unexecuted.has(lines.number)) continue;
    const request = readRequestLine(lines.bytes);
    if (request?.kind === "request") yield request.custom_id;
  }
}
