import { OpenbatchError } from "../../errors/index.js";
import { toPath } from "../../files/index.js";
import { type ReadTableOptions, type Row, readTable, type WrittenAs } from "../../rows/index.js";

/** A table whose columns are known before its rows are gone through, once. */
export interface OpenedRows {
  readonly columns: readonly string[];
  /** How a table of CSV or TSV is written. */
  readonly writtenAs: WrittenAs | undefined;
  /** The first rows, which are among all. */
  readonly head: readonly Row[];
  readonly rows: AsyncIterable<Row>;
}

/** Rows that are looked at before all are gone through. */
const headRows = 200;

/** Opens a table. One of JSON, whose rows may differ, is gone through once more to find all its columns. */
export async function openRows(path: string | URL, options: ReadTableOptions): Promise<OpenedRows> {
  let writtenAs: WrittenAs | undefined;
  const onWrittenAs = (found: WrittenAs): void => {
    writtenAs = found;
  };
  const rows = readTable(path, { ...options, onWrittenAs });
  const head = await readHead(rows);
  const [first] = head;
  if (first === undefined) {
    throw new OpenbatchError("invalid_table", `${toPath(path)} holds no row.`, {
      hint: "Look whether it is the right file.",
    });
  }
  const { columns } = first;
  if (columns !== undefined) return { columns, writtenAs, head, rows: withHead(head, rows) };
  if (toPath(path) === "-") {
    await rows.return(undefined);
    throw new OpenbatchError("invalid_option", "Rows of JSON cannot be joined from standard input.", {
      hint: "They may differ, and are read twice for that: write them to a file first.",
    });
  }
  const gathered = await gatherColumns(withHead(head, rows));
  return { columns: gathered, writtenAs, head, rows: readTable(path, options) };
}

async function readHead(rows: AsyncGenerator<Row>): Promise<readonly Row[]> {
  const head: Row[] = [];
  while (head.length < headRows) {
    const next = await rows.next();
    if (next.done) break;
    head.push(next.value);
  }
  return head;
}

async function* withHead(head: readonly Row[], rest: AsyncGenerator<Row>): AsyncGenerator<Row> {
  try {
    yield* head;
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
