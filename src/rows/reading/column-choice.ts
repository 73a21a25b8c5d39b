import { nearestColumn, toRecord } from "../../api/index.js";
import { askForColumn, listColumns, OpenbatchError } from "../../errors/index.js";
import type { ReadRow, Row } from "../table/row.js";

/** The columns to give of each row: those named, or what a function chooses where all rows have the same. */
export type ColumnChoice<Column extends string = string> =
  | readonly Column[]
  | ((columns: readonly string[]) => readonly Column[]);

/**
 * The columns of a table that are asked for, in the order of the table.
 *
 * @throws {OpenbatchError} `invalid_option` for a name that the table does not have.
 */
export function chooseColumns(
  choice: ColumnChoice,
  columns: readonly string[],
  table: string,
): readonly string[] {
  const asked = typeof choice === "function" ? choice(columns) : choice;
  const unknown = asked.find((name) => !columns.includes(name));
  if (unknown !== undefined) throw noColumn("invalid_option", table, { name: unknown, columns });
  return columns.filter((name) => asked.includes(name));
}

/** Leaves of each row only the columns that are asked for. A row of JSON that lacks one cannot be read. */
export function createColumnFilter(choice: ColumnChoice, table: string): (row: Row) => ReadRow {
  let chosen: readonly string[] | undefined;
  return (row) => {
    const { columns, cells } = row;
    if (columns !== undefined) {
      chosen ??= chooseColumns(choice, columns, table);
      return { ...row, cells: pick(cells, chosen) };
    }
    if (typeof choice === "function") return row;
    const absent = choice.find((name) => !Object.hasOwn(cells, name));
    if (absent === undefined) return { ...row, cells: pick(cells, choice) };
    const place = `${table}, row ${row.number}, line ${row.line}`;
    return {
      number: row.number,
      error: noColumn("invalid_table", place, { name: absent, columns: Object.keys(cells) }),
    };
  };
}

function pick(cells: Row["cells"], names: readonly string[]): Row["cells"] {
  return toRecord(names, (name) => cells[name]);
}

function noColumn(
  code: "invalid_option" | "invalid_table",
  place: string,
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
): OpenbatchError {
  const nearest = nearestColumn(name, columns);
  const message = `${place}: there is no column ${JSON.stringify(name)}; it has ${listColumns(columns)}.`;
  return new OpenbatchError(code, message, {
    hint:
      nearest === undefined
        ? "Name in the option columns only what every row has."
        : `${askForColumn(JSON.stringify(nearest))} See the option columns.`,
  });
}
