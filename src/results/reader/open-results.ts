import type { FormatSources } from "../answer/answer-formats.js";
import { assertOpenOptions } from "./assert-read-options.js";
import type { OpenResultsOptions, ResultOf, SchemaAsFormat } from "./read-results-options.js";
import type { Results } from "./results.js";

/**
 * Opens the results of a batch for looking them up and counting them, beside going through them as with `readResults`. Every
 * line is read once before it resolves. Until it is closed files stay open, and about 60 bytes for each request are held, with
 * 16 MiB of ids at most.
 *
 * @throws OpenbatchError as `readResults`; `results_closed` for whatever is asked after `close`.
 *
 * @example
 * ```ts
 * import { openResults } from "openbatch";
 *
 * await using results = await openResults({ requests: "requests.jsonl", results: ["output.jsonl", "errors.jsonl"] });
 * console.log(results.counts);
 * const result = await results.get("request-1");
 * ```
 */
export async function openResults<
  const Source extends object = never,
  const Formats extends FormatSources = never,
>(
  options: OpenResultsOptions<Source, Formats> & SchemaAsFormat,
): Promise<Results<ResultOf<Source, Formats>>> {
  assertOpenOptions(options);
  const { OpenedResults } = await import("./opened-results.js");
  // What is parsed by a format has the type that was inferred from it.
  return (await OpenedResults.open(options)) as unknown as Results<ResultOf<Source, Formats>>;
}
