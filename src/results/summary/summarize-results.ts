import type { ResultsSummary, SummarizedResults, SummarizeResultsOptions } from "./results-summary.js";

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
  options: SummarizeResultsOptions = {},
): Promise<ResultsSummary> {
  // Whoever only collects is not to wait for what counts.
  const { countResults } = await import("./count-results.js");
  return countResults(results, options);
}
