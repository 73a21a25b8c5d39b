import { type WriteRowsOptions, writeRows } from "../../rows/index.js";
import type { Result } from "../answer/result.js";
import { DefaultColumns } from "./default-columns.js";
import { type AbsentColumn, ResultColumns } from "./result-columns.js";

/** What was written. */
export interface ExportedResults {
  readonly rows: number;
  readonly columns: readonly string[];
  /** Columns that were asked for and that no result has: their cells are empty. */
  readonly absentColumns: readonly AbsentColumn[];
}

/**
 * Writes results as a table, one row each: CSV, TSV, JSON Lines or Parquet, by the name of the file or the option `format`.
 *
 * A column is a path into a result: `custom_id`, `status`, `text`, `parsed.city`, `usage.output_tokens`, `error.message`,
 * `toolCalls[0].name`, `body.model`. By default they are those that show what the results hold, for which they are gone through
 * once more: so give what `openResults` gives.
 *
 * @throws {OpenbatchError} as `writeRows` does.
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
  results: AsyncIterable<Result>,
  options: WriteRowsOptions = {},
): Promise<ExportedResults> {
  const columns = options.columns ?? (await findColumns(results, options.signal));
  const read = new ResultColumns(columns);
  const rows = await writeRows(path, toRows(results, read), { ...options, columns });
  return { rows, columns, absentColumns: rows === 0 ? [] : read.absent() };
}

/** Goes through results once to see what they hold. */
export async function findColumns(
  results: AsyncIterable<Result>,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const columns = new DefaultColumns();
  for await (const result of results) {
    signal?.throwIfAborted();
    columns.add(result);
  }
  return columns.list();
}

async function* toRows(results: AsyncIterable<Result>, columns: ResultColumns): AsyncGenerator<object> {
  for await (const result of results) {
    const cells = columns.read(result);
    yield Object.fromEntries(columns.names.map((name, index) => [name, cells[index]]));
  }
}
