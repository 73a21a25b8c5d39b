import type { BatchFile } from "../batch-file/index.js";
import { hashKey } from "../jsonl/index.js";
import type { TokenRange } from "./batch-plan.js";
import type { RequestTable } from "./parts/request-table.js";
import type { PlanSettings } from "./plan-options.js";
import { drawStretches, TokenSample } from "./token-sample.js";
import { countStretches } from "./tokens/count-stretches.js";
import type { StretchTokens } from "./tokens/stretch-counter.js";
import type { Stretch } from "./tokens/stretches.js";

/** What decides how the work is done; only a sample changes what comes of it. */
export interface CountTuning {
  /** Of a longer file a sample is counted. */
  readonly sampleAboveBytes: number;
  readonly sampledStretches: number;
  readonly workerEntry?: URL;
}

export const defaultCountTuning: CountTuning = { sampleAboveBytes: 200_000_000, sampledStretches: 320 };

export interface CountedTokens {
  readonly isTokenizerMissing: boolean;
  /** Absent where all requests were counted. */
  readonly sample?: { readonly requests: number; readonly range: TokenRange };
}

/** Counts the tokens of the requests in a table, or those of a sample of them. */
export async function countTokens(
  batchFile: BatchFile,
  { table, stretches }: { readonly table: RequestTable; readonly stretches: readonly Stretch[] },
  { settings, tuning }: { readonly settings: PlanSettings; readonly tuning: CountTuning },
): Promise<CountedTokens> {
  const { profile, translator, workers, signal, onRead, exact, maxTokens } = settings;
  // Parts that are cut by tokens are to hold no more than that.
  const isWhole = exact || maxTokens !== undefined || batchFile.bytes <= tuning.sampleAboveBytes;
  const { sha256, path: file } = batchFile;
  const drawn = isWhole
    ? stretches
    : drawStretches(stretches, tuning.sampledStretches, (index) => hashKey(`${sha256} ${index}`));
  const totalBytes = drawn.reduce((sum, { start, end }) => sum + end - start, 0);
  const sample = new TokenSample(table);
  let isTokenizerMissing = false;
  let bytes = 0;
  await countStretches(
    drawn,
    { fd: batchFile.fd, provider: profile.name, isTranslated: translator !== undefined },
    {
      // A sample is small, and a thread takes as much memory as all that is known of a million requests.
      ...{ workers: isWhole ? workers : 0, signal },
      ...(tuning.workerEntry === undefined ? {} : { workerEntry: tuning.workerEntry }),
      onCounted: (counted, stretch) => {
        const lines = listLines(batchFile, stretch, counted.tokens.length);
        if (isWhole) setTokens(table, counted, lines);
        else sample.add(counted, lines);
        isTokenizerMissing ||= counted.isTokenizerMissing;
        bytes += stretch.end - stretch.start;
        onRead?.({ file, bytes, totalBytes });
      },
    },
  );
  if (isWhole) return { isTokenizerMissing };
  return {
    isTokenizerMissing,
    sample: { range: sample.spread(stretches.length), requests: sample.requests },
  };
}

/** The lines of so many requests from the first of a stretch on. */
function listLines(batchFile: BatchFile, { firstLine }: Stretch, count: number): number[] {
  const lines: number[] = [];
  // A file that was changed meanwhile may hold more now.
  for (let line = firstLine; lines.length < count && line <= batchFile.lines; line += 1) {
    if (!batchFile.isBlank(line)) lines.push(line);
  }
  return lines;
}

function setTokens(table: RequestTable, { tokens, isExact }: StretchTokens, lines: readonly number[]): void {
  for (const [index, line] of lines.entries()) {
    table.setTokens(line, tokens[index] ?? 0, isExact[index] === 1);
  }
}
