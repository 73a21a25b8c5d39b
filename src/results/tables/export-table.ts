import { countOf, toPlainText, withText } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import { assertRowsFit, toWritableFormat, type WriteRowsOptions, writeTable } from "../../rows/index.js";
import type { Result } from "../answer/result.js";
import { assertResults } from "../reader/assert-results.js";
import { DefaultColumns } from "./default-columns.js";
import type { ExportedResults } from "./exported-results.js";
import { ResultColumns } from "./result-columns.js";

/** What `exportResults` does. */
export async function exportTable(
  path: string | URL,
  results: AsyncIterable<Result> & { readonly counts?: { readonly total: number } },
  options: WriteRowsOptions,
): Promise<ExportedResults> {
  assertResults(results, Symbol.asyncIterator);
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
