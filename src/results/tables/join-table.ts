import { countOf, type OpenbatchError, toPlainText, withText } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import { type Row, toWritableFormat, type WriteRowsOptions, writeTable } from "../../rows/index.js";
import type { Result } from "../answer/result.js";
import { assertResults } from "../reader/assert-results.js";
import type { JoinableResults } from "../reader/results.js";
import { chooseRowKey } from "./choose-row-key.js";
import { findColumns, toTableText } from "./export-table.js";
import { JoinedMarks } from "./joined-marks.js";
import type { JoinedResults, JoinResultsOptions } from "./joined-results.js";
import { type OpenedRows, openRows } from "./joined-rows.js";
import { noneJoined } from "./none-joined.js";
import { ResultColumns } from "./result-columns.js";
import type { RowKey } from "./row-key.js";

/** What `joinResults` does. */
export async function joinTable(
  path: string | URL,
  results: JoinableResults,
  rows: string | URL,
  options: JoinResultsOptions,
): Promise<JoinedResults> {
  assertResults(results, Symbol.asyncIterator, "counts", "has", "get");
  const { on, template, read = {}, columns, ...writing } = options;
  const { signal } = writing;
  const asked = new ResultColumns(columns ?? (await findColumns(results, signal)));
  const table = await openRows(rows, {
    ...read,
    keepDates: (writing.format ?? toWritableFormat(toPath(path))) === "xlsx",
    ...(signal === undefined ? {} : { signal }),
  });
  const key = await chooseRowKey({ on, template }, table, results);
  const join = new Join(results, { columns: asked, key, table: toPath(rows) });
  const names = [...table.columns, ...toFreeNames(asked.names, table.columns)];
  const written = await writeTable(path, join.rows(table, names), {
    ...toDialect(path, table, writing),
    ...writing,
    columns: names,
  });
  const joined: JoinedResults = {
    ...written,
    joinedBy: key.name,
    columns: names,
    absentColumns: asked.absent(),
    deepCells: asked.deepCells(),
    rowsWithoutResult: join.rowsWithoutResult,
    resultsWithoutRow: await join.findResultsWithoutRow(),
  };
  return withText(joined, toText);
}

function toText(joined: JoinedResults): string {
  const { joinedBy, rowsWithoutResult: rows, resultsWithoutRow: results } = joined;
  const parts = [
    toTableText(joined),
    `joined by ${toPlainText(joinedBy)}`,
    ...(rows.count === 0 ? [] : [`${countOf(rows.count, "row")} without a result`]),
    ...(results.count === 0 ? [] : [`${countOf(results.count, "result")} without a row`]),
  ];
  return parts.join("; ");
}

/** Whoever has Excel read a table of semicolons has no other one read. */
function toDialect(
  path: string | URL,
  { writtenAs }: OpenedRows,
  { format = toWritableFormat(toPath(path)) }: WriteRowsOptions,
): Pick<WriteRowsOptions, "delimiter" | "byteOrderMark"> {
  if (writtenAs === undefined) return {};
  const { delimiter, hasByteOrderMark } = writtenAs;
  return { byteOrderMark: hasByteOrderMark, ...(format === writtenAs.format ? { delimiter } : {}) };
}

function toFreeNames(names: readonly string[], taken: readonly string[]): readonly string[] {
  const used = new Set(taken);
  return names.map((name) => {
    let free = name;
    while (used.has(free)) free = `result.${free}`;
    used.add(free);
    return free;
  });
}

interface JoinSettings {
  readonly columns: ResultColumns;
  readonly key: RowKey;
  /** The path of the rows, for messages. */
  readonly table: string;
}

const maxListed = 10;

class Join {
  readonly #results: JoinableResults;
  readonly #settings: JoinSettings;
  readonly #joined = new JoinedMarks();
  readonly #without: number[] = [];
  #rows = 0;
  #rowsWithout = 0;

  constructor(results: JoinableResults, settings: JoinSettings) {
    this.#results = results;
    this.#settings = settings;
  }

  get rowsWithoutResult() {
    return { count: this.#rowsWithout, listed: this.#without };
  }

  /** The rows with the values of their results behind their own, under the names of both. */
  async *rows({ columns, rows }: OpenedRows, names: readonly string[]): AsyncGenerator<object> {
    for await (const row of rows) {
      const result = await this.#find(row);
      const own = columns.map((name) => (Object.hasOwn(row.cells, name) ? row.cells[name] : undefined));
      const cells = [...own, ...(result === undefined ? [] : this.#settings.columns.read(result))];
      yield Object.fromEntries(names.map((name, index) => [name, cells[index]]));
    }
    if (this.#joined.count === 0 && this.#results.counts.total > 0) throw await this.#noneJoined();
    if (this.#joined.count > 0) this.#settings.columns.assertAnyFound();
  }

  async findResultsWithoutRow(): Promise<JoinedResults["resultsWithoutRow"]> {
    const count = this.#results.counts.total - this.#joined.count;
    const listed: string[] = [];
    if (count === 0) return { count, listed };
    for await (const result of this.#results) {
      if (!this.#joined.has(result)) listed.push(result.custom_id);
      if (listed.length === Math.min(count, maxListed)) break;
    }
    return { count, listed };
  }

  async #find(row: Row): Promise<Result | undefined> {
    const id = this.#settings.key.toId(row);
    const result = id === undefined ? undefined : await this.#results.get(id);
    this.#rows += 1;
    if (result !== undefined) this.#joined.add(result);
    else {
      this.#rowsWithout += 1;
      if (this.#without.length < maxListed) this.#without.push(row.number);
    }
    return result;
  }

  async #noneJoined(): Promise<OpenbatchError> {
    const { listed } = await this.findResultsWithoutRow();
    return noneJoined({ table: this.#settings.table, rows: this.#rows, ids: listed });
  }
}
