import { OpenbatchError } from "../../errors/index.js";
import type { ReadRow } from "../table/row.js";
import { type ArrayFault, JsonArrayScanner, type RawElement } from "./json-array-scanner.js";
import { parseJsonRow } from "./parse-json-row.js";
import { maxRowBytes, rowTooLong, type TableSource } from "./table-source.js";

/** Rows of a JSON file that is one array of objects. */
export async function* readJsonArrayRows({ name, text }: TableSource): AsyncGenerator<readonly ReadRow[]> {
  let rows: ReadRow[] = [];
  let number = 0;
  const scanner = new JsonArrayScanner({
    onElement: (element) => {
      number += 1;
      rows.push(readElement(element, { name, number }));
    },
    onFault: (fault, line) => {
      throw toTableError(fault, `${name}, line ${line}`);
    },
    maxElementBytes: maxRowBytes,
  });
  for await (const chunk of text) {
    try {
      scanner.push(chunk);
    } finally {
      yield rows;
    }
    rows = [];
  }
  scanner.end();
}

function readElement(
  { bytes, line, tooLong }: RawElement,
  { name, number }: { readonly name: string; readonly number: number },
): ReadRow {
  if (tooLong) return { number, error: rowTooLong(`${name}, row ${number}, line ${line}`) };
  return parseJsonRow(bytes.toString("utf8"), { name, number, line });
}

function toTableError(fault: ArrayFault, place: string): OpenbatchError {
  const refuse = (what: string, hint: string) =>
    new OpenbatchError("invalid_table", `${place}: ${what}`, { hint });
  const array = "A JSON table is one array of objects: [{…}, {…}].";
  switch (fault) {
    case "empty":
      return refuse("the file holds nothing.", array);
    case "starts_with_object":
      return refuse(
        "an object, where an array of rows should be.",
        `${array} If each line is an object, say so: format jsonl (--input-format jsonl).`,
      );
    case "no_array":
      return refuse("this is no array of rows.", array);
    case "not_closed":
      return refuse("the file ends inside the array.", "It was cut short: get it again, or close it with ].");
    case "text_behind":
      return refuse("there is text behind the end of the array.", array);
    default:
      return fault satisfies never;
  }
}
