import { OpenbatchError } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import { type ReadRowsOptions, type Row, readRows } from "../../rows/index.js";

/** A table whose columns are known before its rows are gone through, once. */
export interface OpenedRows {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<Row>;
}

/** Opens a table. One of JSON, whose rows may differ, is gone through once more to find all its columns. */
export async function openRows(path: string | URL, options: ReadRowsOptions): Promise<OpenedRows> {
  const rows = readRows(path, options);
  const first = await rows.next();
  if (first.done) {
    throw new OpenbatchError("invalid_table", `${toPath(path)} holds no row.`, {
      hint: "Look whether it is the right file.",
    });
  }
  const { columns } = first.value;
  if (columns !== undefined) return { columns, rows: withFirst(first.value, rows) };
  if (toPath(path) === "-") {
    await rows.return(undefined);
    throw new OpenbatchError("invalid_option", "Rows of JSON cannot be joined from standard input.", {
      hint: "They may differ, and are read twice for that: write them to a file first.",
    });
  }
  return { columns: await gatherColumns(withFirst(first.value, rows)), rows: readRows(path, options) };
}

async function* withFirst(first: Row, rest: AsyncGenerator<Row>): AsyncGenerator<Row> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function gatherColumns(rows: AsyncIterable<Row>): Promise<readonly string[]> {
  const columns = new Set<string>();
  for await (const { cells } of rows) {
    for (const name of Object.keys(cells)) columns.add(name);
  }
  return [...columns];
}
