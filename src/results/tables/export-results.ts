import { countOf, toPlainText, withText } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import {
  assertRowsFit,
  toWritableFormat,
  type WriteRowsOptions,
  type WrittenTable,
  writeTable,
} from "../../rows/index.js";
import type { Result } from "../answer/result.js";
import { DefaultColumns } from "./default-columns.js";
import { type AbsentColumn, type DeepCells, ResultColumns } from "./result-columns.js";

/** What was written. */
export interface ExportedResults extends WrittenTable {
  readonly columns: readonly string[];
  /** Columns that were asked for and that no result has: their cells are empty. */
  readonly absentColumns: readonly AbsentColumn[];
  readonly deepCells: DeepCells;
}

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
  assertRowsFit(results.counts?.total ?? 0, options.format ?? toWritableFormat(toPath(path)));
  const columns = options.columns ?? (await findColumns(results, options.signal));
  const read = new ResultColumns(columns);
  const written = await writeTable(path, toRows(results, read), { ...options, columns });
  const absentColumns = written.rows === 0 ? [] : read.absent();
  const exported = { ...written, columns, absentColumns, deepCells: read.deepCells() };
  return withText(exported, toTableText);
}

/** What was written, and what is odd about it. */
export function toTableText({
  rows,
  columns,
  changedCells,
  absentColumns,
  deepCells,
}: ExportedResults): string {
  const absent = absentColumns.map(({ name }) => JSON.stringify(name)).join(", ");
  return toPlainText(
    [
      `${countOf(rows, "row")} of ${countOf(columns.length, "column")} written`,
      ...(changedCells === 0 ? [] : [`${countOf(changedCells, "cell")} changed, like a formula`]),
      ...(absent === "" ? [] : [`no result has ${absent}`]),
      ...(deepCells.count === 0 ? [] : [`${countOf(deepCells.count, "cell")} nested too deeply left empty`]),
    ].join("; "),
  );
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
  let isEmpty = true;
  for await (const result of results) {
    isEmpty = false;
    const cells = columns.read(result);
    yield Object.fromEntries(columns.names.map((name, index) => [name, cells[index]]));
  }
  if (!isEmpty) columns.assertAnyFilled();
}
