import type { FormatSources } from "../answer/answer-formats.js";
import type { Result } from "../answer/result.js";
import { assertReadOptions } from "./assert-read-options.js";
import { LaterIterator } from "./later-iterator.js";
import type { ReadResultsOptions, ResultOf, SchemaAsFormat } from "./read-results-options.js";

/**
 * Reads what became of the requests of a batch: exactly one result for each, whatever the files hold. No result is an error
 * that is thrown: `status` says what became of it, `problem` what is wrong with an answer, and `unwrap()` throws for both.
 *
 * Files are gone through twice. About 60 bytes are held for each request, and 16 MiB of ids at most.
 *
 * @throws OpenbatchError `invalid_option` at once; while reading, `file_not_found` and its like for a file that cannot be
 * read, `not_a_results_file` and `not_a_batch_file` for one that holds something else, `invalid_schema` for a format that
 * cannot be used; the signal's reason when aborted.
 *
 * @example
 * ```ts
 * import { readResults } from "openbatch";
 * import * as z from "zod";
 *
 * const City = z.object({ name: z.string(), population: z.number() });
 * const options = { requests: "requests.jsonl", results: "requests.results.jsonl", format: City };
 * for await (const result of readResults(options)) {
 *   if (result.status !== "succeeded") console.error(result.custom_id, result.status);
 *   else if (result.problem !== undefined) console.error(result.custom_id, result.problem.message);
 *   else console.log(result.custom_id, result.parsed.name);
 * }
 * ```
 */
export function readResults<const Source extends object = never, const Formats extends FormatSources = never>(
  options: ReadResultsOptions<Source, Formats> & SchemaAsFormat,
): AsyncIterable<ResultOf<Source, Formats>> {
  assertReadOptions(options);
  const results = { [Symbol.asyncIterator]: () => new LaterIterator(() => open(options)) };
  // What is parsed by a format has the type that was inferred from it.
  return results as AsyncIterable<ResultOf<Source, Formats>>;
}

async function open(options: ReadResultsOptions): Promise<AsyncIterator<Result>> {
  // Whoever only collects is not to wait for the reader to be loaded.
  const { ResultReader } = await import("./result-reader.js");
  const reader = await ResultReader.open({ ...options, notesAll: false });
  return reader.readAll({ thenCloses: true });
}
