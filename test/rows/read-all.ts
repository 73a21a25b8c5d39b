import { type ReadRowsOptions, type Row, readRows } from "../../src/rows/index.js";

export async function readAll(path: string, options: ReadRowsOptions = {}): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(path, options)) rows.push(row);
  return rows;
}
