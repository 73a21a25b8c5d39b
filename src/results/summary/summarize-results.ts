import { isObject } from "../../api/index.js";
import type { Result } from "../answer/result.js";
import type { ResultCounts, Results, StrayKind, Strays } from "../reader/results.js";
import { DefaultColumns } from "../tables/default-columns.js";
import { CauseGroups, type ResultCause } from "./cause-groups.js";
import { addAnswer, noUsageYet, type UsageTotal } from "./usage-total.js";

/** What became of the requests of a batch, in numbers. */
export interface ResultsSummary {
  readonly counts: ResultCounts;
  /** Answers without a problem. */
  readonly usable: number;
  /** Answers with one: refused, cut off, filtered, empty, not JSON, or not fitting their schema. */
  readonly problems: number;
  /** Why requests have no usable answer, the most frequent cause first. */
  readonly causes: readonly ResultCause[];
  readonly usage: UsageTotal;
  /** How many answers each model gave, by the name that the service writes: the first hundred models. */
  readonly models: Readonly<Record<string, number>>;
  /** The columns that show what the results hold: those that `exportResults` and `joinResults` write by default. */
  readonly columns: readonly string[];
  /** The lines that no result was made of, and how many of those listed are of each kind. */
  readonly strays: Strays & { readonly kinds: Readonly<Partial<Record<StrayKind, number>>> };
}

export interface SummarizeResultsOptions {
  /** Told how many results were counted, after each. */
  readonly onProgress?: (results: number) => void;
  readonly signal?: AbortSignal;
}

/** The part of opened results that a summary is made of. */
export type SummarizedResults = AsyncIterable<Result> & Pick<Results, "counts" | "strays">;

/**
 * Counts what became of the requests of a batch: by status, by cause, with the tokens of all answers.
 *
 * @example
 * ```ts
 * import { openResults, summarizeResults } from "openbatch";
 *
 * await using results = await openResults({ requests: "requests.jsonl", results: "results.jsonl" });
 * const { counts, usable, causes } = await summarizeResults(results);
 * console.log(`${usable} of ${counts.total}`, causes);
 * ```
 */
export async function summarizeResults(
  results: SummarizedResults,
  { onProgress, signal }: SummarizeResultsOptions = {},
): Promise<ResultsSummary> {
  const causes = new CauseGroups();
  const columns = new DefaultColumns();
  const models = new Map<string, number>();
  let seen = 0;
  let usable = 0;
  let usage = noUsageYet;
  for await (const result of results) {
    signal?.throwIfAborted();
    causes.add(result);
    columns.add(result);
    if (result.status === "succeeded") {
      if (result.problem === undefined) usable += 1;
      usage = addAnswer(usage, result.usage);
      countModel(result.body, models);
    }
    seen += 1;
    onProgress?.(seen);
  }
  const { counts, strays } = results;
  return {
    counts,
    usable,
    problems: counts.succeeded - usable,
    causes: causes.list(),
    usage,
    models: Object.fromEntries([...models].sort(([, one], [, other]) => other - one)),
    columns: columns.list(),
    strays: { count: strays.count, listed: strays.listed, kinds: countKinds(strays) },
  };
}

const maxModels = 100;

function countModel(body: unknown, models: Map<string, number>): void {
  const model = isObject(body) ? body.model : undefined;
  if (typeof model !== "string" || (!models.has(model) && models.size >= maxModels)) return;
  models.set(model, (models.get(model) ?? 0) + 1);
}

function countKinds({ listed }: Strays): Readonly<Partial<Record<StrayKind, number>>> {
  const kinds: Partial<Record<StrayKind, number>> = {};
  for (const { kind } of listed) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}
