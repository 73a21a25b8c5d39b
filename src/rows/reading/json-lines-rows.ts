import { LineScanner, type RawLine } from "../../jsonl/index.js";
import type { ReadRow } from "../table/row.js";
import { parseJsonRow } from "./parse-json-row.js";
import { maxRowBytes, rowTooLong, type TableSource } from "./table-source.js";

/** Rows of JSON Lines: one object a line. Blank lines are passed over. */
export async function* readJsonLinesRows(source: TableSource): AsyncGenerator<readonly ReadRow[]> {
  let rows: ReadRow[] = [];
  let number = 0;
  const scanner = new LineScanner(
    (line) => {
      if (isBlank(line)) return;
      number += 1;
      rows.push(readRow(line, { name: source.name, number }));
    },
    { maxLineBytes: maxRowBytes },
  );
  for await (const chunk of source.text) {
    scanner.push(chunk);
    yield rows;
    rows = [];
  }
  scanner.end();
  yield rows;
}

function isBlank({ bytes, tooLong }: RawLine): boolean {
  return !tooLong && bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

function readRow(
  line: RawLine,
  { name, number }: { readonly name: string; readonly number: number },
): ReadRow {
  if (line.tooLong) return { number, error: rowTooLong(`${name}, row ${number}, line ${line.number}`) };
  return parseJsonRow(line.bytes.toString("utf8"), { name, number, line: line.number });
}
