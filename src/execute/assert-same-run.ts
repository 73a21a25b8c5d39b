import { OpenbatchError } from "../errors/index.js";
import type { BatchFile } from "./batch-file.js";
import type { RecordedRun } from "./run-record.js";

/** What a run is about to do, as far as its results must not be mixed with others. */
export interface RunIntent {
  readonly batchFile: BatchFile;
  readonly target: string;
  readonly model: string | undefined;
}

/**
 * Holds a run that goes on to what the last one did: the same batch file, to which only requests were appended, the same
 * server, and the same model.
 *
 * @throws OpenbatchError `batch_file_changed` or `run_differs`, with the difference.
 */
export function assertSameRun(last: RecordedRun, { batchFile, target, model }: RunIntent): void {
  if (batchFile.prefixSha256 !== last.batchFile.sha256) {
    throw new OpenbatchError(
      "batch_file_changed",
      `${batchFile.path} is not what it was when its results were begun: ${toFileDifference(last, batchFile)}.`,
    );
  }
  const differences: string[] = [];
  if (target !== last.target)
    differences.push(`answered by ${last.target}, and this run would send to ${target}`);
  if (model !== last.model) {
    differences.push(`sent ${toModelText(last.model)}, and this run would send ${toModelText(model)}`);
  }
  if (differences.length === 0) return;
  throw new OpenbatchError(
    "run_differs",
    `The results that are there were ${differences.join("; ")}. Nothing was sent.`,
  );
}

function toFileDifference(last: RecordedRun, { bytes }: BatchFile): string {
  const before = last.batchFile.bytes;
  if (bytes < before) return `it had ${before} bytes, and has ${bytes}`;
  return `of its ${bytes} bytes, the first ${before} are not those of then`;
}

function toModelText(model: string | undefined): string {
  return model === undefined ? "to the model that each request names" : `to the model ${model}`;
}
