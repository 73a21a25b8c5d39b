import { setImmediate } from "node:timers/promises";
import { type OpenFile, spoolBytes, toPath } from "../../files/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import {
  chooseRowKey,
  type JoinResultsOptions,
  noneJoined,
  openRows,
  type ResultRows,
} from "../../results/index.js";
import { toCell } from "./cell-text.js";

/** The table that the requests were made of. */
export interface JoinedTableOptions extends Pick<JoinResultsOptions, "on" | "template" | "read"> {
  readonly table: string | URL;
}

const chunkBytes = 65_536;

/**
 * The rows of the table that requests were made of, each at the row of its request. They are kept in a file that only this user
 * can read, and that is gone with the process; in memory are 12 bytes a request.
 */
export class JoinedTable {
  readonly columns: readonly string[];
  readonly #spool: OpenFile;
  /** Where the cells of each row begin, from 1, and how many bytes they are. */
  readonly #starts: Float64Array;
  readonly #lengths: Uint32Array;

  /** @throws OpenbatchError as `joinResults` for a table that cannot be read. */
  static async read(
    rows: ResultRows,
    { table: path, on, template, read }: JoinedTableOptions,
    signal: AbortSignal,
  ): Promise<JoinedTable> {
    const table = await openRows(path, { ...read, signal });
    const ids = {
      has: (id: string | { custom_id: string }) =>
        rows.find(typeof id === "string" ? id : id.custom_id) !== undefined,
      [Symbol.asyncIterator]: () => rows.readAll(),
    };
    const key = await chooseRowKey({ on, template }, table, ids);
    const found = { rows: 0, joined: 0 };
    const starts = new Float64Array(rows.count);
    const lengths = new Uint32Array(rows.count);
    async function* writeCells(): AsyncGenerator<Buffer> {
      let position = 0;
      let pending: Buffer[] = [];
      let bytes = 0;
      for await (const row of table.rows) {
        found.rows += 1;
        const id = key.toId(row);
        const place = id === undefined ? undefined : rows.find(id);
        if (place === undefined) continue;
        found.joined += 1;
        const line = Buffer.from(JSON.stringify(row.cells));
        starts[place] = position + 1;
        lengths[place] = line.length;
        position += line.length;
        bytes += line.length;
        pending.push(line);
        if (bytes < chunkBytes) continue;
        yield Buffer.concat(pending);
        pending = [];
        bytes = 0;
        await setImmediate();
        signal.throwIfAborted();
      }
      yield Buffer.concat(pending);
    }
    const name = toPath(path);
    const spool = await spoolBytes({ name, identity: name }, writeCells());
    if (found.joined > 0 || rows.count === 0)
      return new JoinedTable(table.columns, spool, { starts, lengths });
    spool.close();
    throw noneJoined({ table: name, rows: found.rows, ids: await firstIds(rows) });
  }

  private constructor(
    columns: readonly string[],
    spool: OpenFile,
    places: { readonly starts: Float64Array; readonly lengths: Uint32Array },
  ) {
    this.columns = columns;
    this.#spool = spool;
    this.#starts = places.starts;
    this.#lengths = places.lengths;
  }

  /** The cells that the request of a row was made of. */
  cellsOf(row: number): Readonly<Record<string, string>> | undefined {
    const start = this.#starts[row] ?? 0;
    if (start === 0) return undefined;
    const bytes = Buffer.allocUnsafe(this.#lengths[row] ?? 0);
    this.#spool.read(bytes, 0, { offset: start - 1, length: bytes.length });
    const cells: unknown = tryParseJson(bytes.toString());
    return Object.fromEntries(
      Object.entries(cells ?? {}).map(([name, value]) => [name, toCell(value) ?? ""]),
    );
  }

  close(): void {
    this.#spool.close();
  }
}

async function firstIds(rows: ResultRows): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { custom_id } of { [Symbol.asyncIterator]: () => rows.readAll() }) {
    ids.push(custom_id);
    if (ids.length === 3) break;
  }
  return ids;
}
