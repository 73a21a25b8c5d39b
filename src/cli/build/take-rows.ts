import type { Row } from "../../index.js";

/** A row that was read already, and the rest. */
export async function* withFirst(first: Row, rest: AsyncGenerator<Row>): AsyncGenerator<Row> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** The first rows; no other one is read. */
export async function* takeRows(rows: AsyncGenerator<Row>, maxRows: number): AsyncGenerator<Row> {
  let taken = 0;
  try {
    while (taken < maxRows) {
      const next = await rows.next();
      if (next.done) return;
      yield next.value;
      taken += 1;
    }
  } finally {
    await rows.return(undefined);
  }
}
