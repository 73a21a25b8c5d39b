import type { BatchFile } from "../../batch-file/index.js";
import { countOf, formatCount, OpenbatchError } from "../../errors/index.js";
import type { ResultsScan } from "../results-file/scan-results.js";
import type { RecordedRun } from "./run-record.js";

/** What a run is about to do, as far as its results must not be mixed with those that are there. */
export interface RunIntent {
  readonly batchFile: BatchFile;
  /** The results file, for messages. */
  readonly output: string;
  readonly target: string;
  readonly model: string | undefined;
  readonly isRehearsal: boolean;
  /** The run that was recorded last. */
  readonly last: RecordedRun | undefined;
}

/**
 * Keeps made-up results and real ones apart, whatever else is allowed. A server may itself rehearse: what it made up is known
 * by the model that answers.
 *
 * @throws OpenbatchError `rehearsal_mixed`
 */
export function assertSameKind(
  { rehearsed, real, ...scan }: ResultsScan,
  { last, target, output, isRehearsal }: Omit<RunIntent, "batchFile" | "model">,
): void {
  if (!hasResults(scan)) return;
  const holdsMadeUp = last?.isRehearsal ?? rehearsed > 0;
  const holdsReal = last === undefined ? real > 0 : !last.isRehearsal;
  const isSameServer = last !== undefined && !last.isRehearsal && last.target === target;
  if (isRehearsal && holdsReal) {
    throw new OpenbatchError("rehearsal_mixed", `${output} holds real results, and this is a rehearsal.`);
  }
  if (!isRehearsal && (holdsMadeUp || (rehearsed > 0 && !isSameServer))) {
    throw new OpenbatchError(
      "rehearsal_mixed",
      `${output} holds results of a rehearsal, and this run is real.`,
    );
  }
}

/**
 * Holds a run that goes on to what the last one did: the same batch file, to which only requests were appended, the same
 * server, and the same model. Where there are no results yet, nothing can be mixed.
 *
 * @throws OpenbatchError `batch_file_changed` or `run_differs`, with the difference.
 */
export function assertSameRun(
  scan: ResultsScan,
  { batchFile, output, target, model, last, isRehearsal }: RunIntent,
): void {
  if (!hasResults(scan)) return;
  if (last === undefined) return assertNotStrange(scan, { batchFile, output });
  // What was made up is no loss.
  const hint = isRehearsal ? { hint: `Remove ${output} to rehearse anew, or go on: force (--force).` } : {};
  if (batchFile.prefixSha256 !== last.batchFile.sha256) {
    throw new OpenbatchError(
      "batch_file_changed",
      `${batchFile.path} has other contents than at the run of ${toTimeText(last.startedAt)}: ${toSizes(last, batchFile)}.`,
      hint,
    );
  }
  const differences: string[] = [];
  if (target !== last.target)
    differences.push(`came from ${last.target}, and this run would send to ${target}`);
  if (model !== last.model) {
    differences.push(
      `were asked of ${toModelText(last.model)}, and this run would ask ${toModelText(model)}`,
    );
  }
  if (differences.length === 0) return;
  throw new OpenbatchError(
    "run_differs",
    `The results in ${output} ${differences.join("; they ")}. Nothing was sent.`,
    hint,
  );
}

function hasResults({ done, strangers }: Pick<ResultsScan, "done" | "strangers">): boolean {
  return done.size + strangers > 0;
}

function assertNotStrange(
  { done, strangers }: ResultsScan,
  { batchFile, output }: Pick<RunIntent, "batchFile" | "output">,
): void {
  if (done.size > 0) return;
  throw new OpenbatchError(
    "batch_file_changed",
    `Of the ${strangers} results in ${output}, none belongs to a request of ${batchFile.path}.`,
  );
}

/** `2026-11-23 10:56:41 UTC` */
function toTimeText(date: string): string {
  return `${date.slice(0, 19).replace("T", " ")} UTC`;
}

function toSizes({ batchFile: before }: RecordedRun, { bytes }: BatchFile): string {
  if (bytes === before.bytes) return `it has ${countOf(bytes, "byte")}, as it had then`;
  return `it had ${countOf(before.bytes, "byte")} then, and has ${formatCount(bytes)} now`;
}

function toModelText(model: string | undefined): string {
  return model === undefined ? "the model that each request names" : `the model ${JSON.stringify(model)}`;
}
