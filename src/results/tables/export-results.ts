import type { WriteRowsOptions } from "../../rows/index.js";
import type { Result } from "../answer/result.js";
import type { ExportedResults } from "./exported-results.js";

/**
 * Writes results as a table, one row each: CSV, TSV, JSON Lines, Parquet or a workbook of Excel, by the name of the file or the option `format`.
 *
 * A column is a path into a result: `custom_id`, `status`, `text`, `parsed.city`, `usage.output_tokens`, `error.message`,
 * `toolCalls[0].name`, `body.model`; `city` alone is `parsed.city`, where a result has no `city` of its own. By default they are those that show what the results hold, for which they are gone through
 * once more: so give what `openResults` gives.
 *
 * @throws {OpenbatchError} `invalid_option` where no result has any of the columns, and as `writeRows` does.
 *
 * @example
 * ```ts
 * import { exportResults, openResults } from "openbatch";
 *
 * await using results = await openResults({ requests: "requests.jsonl", results: "results.jsonl" });
 * await exportResults("answers.csv", results, { columns: ["custom_id", "text", "error.message"] });
 * ```
 */
export async function exportResults(
  path: string | URL,
  results: AsyncIterable<Result> & { readonly counts?: { readonly total: number } },
  options: WriteRowsOptions = {},
): Promise<ExportedResults> {
  const { exportTable } = await import("./export-table.js");
  return exportTable(path, results, options);
}
