import type { JoinableResults } from "../reader/results.js";
import type { JoinedResults, JoinResultsOptions } from "./joined-results.js";

/**
 * Writes the rows of a table with what was answered to each beside it: the columns of the row first, then those of the result,
 * with `result.` before a name that the row has too. Every row is there, in its order, and in little memory. CSV and TSV are
 * written as the table of rows is: with its delimiter, and a byte order mark if it has one.
 *
 * @throws {OpenbatchError} `invalid_option` where no row at all has a result, and whatever `readRows` and `writeRows` throw.
 *
 * @example
 * ```ts
 * import { joinResults, openResults } from "openbatch";
 *
 * await using results = await openResults({ requests: "requests.jsonl", results: "results.jsonl" });
 * await joinResults("answers.csv", results, "rows.csv", { columns: ["text"] });
 * ```
 */
export async function joinResults(
  path: string | URL,
  results: JoinableResults,
  rows: string | URL,
  options: JoinResultsOptions = {},
): Promise<JoinedResults> {
  const { joinTable } = await import("./join-table.js");
  return joinTable(path, results, rows, options);
}
