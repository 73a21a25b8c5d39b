import { type WriteRowsOptions, writeTable } from "../../rows/index.js";
import type {
  ComparableResults,
  CompareResultsOptions,
  Comparison,
  Difference,
  ExportedDifferences,
} from "./comparison.js";

/**
 * Compares two results of each request, of two models or two prompts: how often they agree, place by place, and where they don't. Values
 * are the same or not, and so are texts. The files may be in any order; in memory is what `openResults` holds of both.
 *
 * @example
 * ```ts
 * import { compareResults, openResults } from "openbatch";
 *
 * await using small = await openResults({ requests: "requests.jsonl", results: "small.jsonl" });
 * await using large = await openResults({ requests: "requests.jsonl", results: "large.jsonl" });
 * const { agreed, compared, fields } = await compareResults(small, large);
 * console.log(`${agreed} of ${compared}`, fields);
 * ```
 */
export async function compareResults(
  a: ComparableResults,
  b: ComparableResults,
  options: CompareResultsOptions = {},
): Promise<Comparison> {
  const { ComparingWork } = await import("./comparing-work.js");
  const work = new ComparingWork(a, b, options);
  for await (const difference of work.run()) await options.onDifference?.(difference);
  return work.toComparison();
}

/** In the order in which they stand in the table. */
const columns = ["custom_id", "requestLine", "place", "a", "b"] as const;

/**
 * Compares results as `compareResults` does, and writes where they don't agree as a table: a row for each place of each request, with
 * what stands there on both sides. Where one side alone has a usable answer, the place is `status`.
 *
 * @throws {OpenbatchError} as `writeRows` does.
 */
export async function exportDifferences(
  path: string | URL,
  a: ComparableResults,
  b: ComparableResults,
  options: Omit<WriteRowsOptions, "columns"> & Pick<CompareResultsOptions, "listed"> = {},
): Promise<ExportedDifferences> {
  const { listed, onProgress, signal, ...writing } = options;
  const { ComparingWork } = await import("./comparing-work.js");
  const work = new ComparingWork(a, b, {
    ...(listed === undefined ? {} : { listed }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
  const written = await writeTable(path, toRows(work.run()), {
    ...writing,
    ...(signal === undefined ? {} : { signal }),
    columns,
  });
  return { ...written, comparison: work.toComparison() };
}

async function* toRows(differences: AsyncIterable<Difference>): AsyncGenerator<object> {
  for await (const { custom_id, requestLine, a, b, fields } of differences) {
    if (fields.length === 0) yield { custom_id, requestLine, place: "status", a, b };
    for (const { path, ...values } of fields) yield { custom_id, requestLine, place: path, ...values };
  }
}
