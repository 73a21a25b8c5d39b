import { closeSync, openSync, writeSync } from "node:fs";

type ToLine<Row> = (row: Row, index: number) => string;

/** Joins lines into strings of 64 KiB, as a bare loop does that is to write fast. */
export function* joinLines<Row>(rows: Iterable<Row>, toLine: ToLine<Row>): Generator<string> {
  let text = "";
  let index = 0;
  for (const row of rows) {
    text += toLine(row, index++);
    if (text.length < 65_536) continue;
    yield text;
    text = "";
  }
  yield text;
}

/** Writes joined lines, and checks nothing. */
export function writeJoinedLines<Row>(file: string, rows: Iterable<Row>, toLine: ToLine<Row>): void {
  const fd = openSync(file, "w");
  for (const text of joinLines(rows, toLine)) writeSync(fd, text);
  closeSync(fd);
}
