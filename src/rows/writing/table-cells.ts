import { describe, isObject } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";

export interface TableCellsOptions {
  /** By default those of the first row. */
  readonly columns: readonly string[] | undefined;
  readonly signal: AbortSignal | undefined;
  /** Told of each row that was asked for, counted from 1. */
  readonly onRow: (number: number) => void;
}

/** A table that is to be written. */
export interface TableCells {
  readonly columns: readonly string[];
  /** The cells of each row, in the order of the columns. */
  readonly rows: AsyncIterable<readonly unknown[]>;
}

/** Looks at the first row for the columns, and gives the cells of that row and all others in their order. */
export async function openCells(
  rows: Iterable<object> | AsyncIterable<object>,
  { columns, signal, onRow }: TableCellsOptions,
): Promise<TableCells> {
  const read = readObjects(rows, { signal, onRow });
  if (columns !== undefined) return { columns, rows: pickCells(read, columns) };
  const first = await read.next();
  const found = first.done ? [] : Object.keys(first.value);
  if (first.done || found.length === 0) {
    await read.return(undefined);
    throw noColumns();
  }
  return { columns: found, rows: pickCells(assertColumns(withFirst(first.value, read), found), found) };
}

type TableObject = Readonly<Record<string, unknown>>;

async function* readObjects(
  rows: Iterable<object> | AsyncIterable<object>,
  { signal, onRow }: Pick<TableCellsOptions, "signal" | "onRow">,
): AsyncGenerator<TableObject> {
  let number = 0;
  for await (const row of rows) {
    signal?.throwIfAborted();
    number += 1;
    if (!isObject(row)) {
      throw new OpenbatchError("invalid_table", `Row ${number} to write is ${describe(row)}.`, {
        hint: "Give each row as an object of columns.",
      });
    }
    yield row;
    onRow(number);
  }
}

async function* withFirst(
  first: TableObject,
  rest: AsyncGenerator<TableObject>,
): AsyncGenerator<TableObject> {
  yield first;
  yield* rest;
}

async function* assertColumns(
  rows: AsyncIterable<TableObject>,
  columns: readonly string[],
): AsyncGenerator<TableObject> {
  let number = 0;
  for await (const row of rows) {
    number += 1;
    const other = Object.keys(row).find((name) => !columns.includes(name));
    if (other !== undefined) {
      const message = `Row ${number} to write has a column ${JSON.stringify(other)}, which the first row does not have.`;
      throw new OpenbatchError("invalid_table", message, { hint: "Name all columns: columns (--columns)." });
    }
    yield row;
  }
}

async function* pickCells(
  rows: AsyncIterable<TableObject>,
  columns: readonly string[],
): AsyncGenerator<readonly unknown[]> {
  for await (const row of rows)
    yield columns.map((name) => (Object.hasOwn(row, name) ? row[name] : undefined));
}

function noColumns(): OpenbatchError {
  return new OpenbatchError("invalid_option", "There is no row with a column, and no columns are named.", {
    hint: "Name the columns: columns (--columns).",
  });
}
