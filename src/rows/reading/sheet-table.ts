import { OpenbatchError } from "../../errors/index.js";
import type { ReadRow } from "../table/row.js";
import { maxSheetColumns, toColumnName } from "../table/sheet-size.js";
import type { SheetRow } from "../workbook/sheet-rows.js";
import { toColumnNames } from "./column-names.js";

export interface SheetTableOptions {
  readonly header: boolean;
  readonly headerRow: number | undefined;
}

/**
 * Rows of a sheet as rows of a table. The first row with cells, or the one that is said, names the columns; they reach from the
 * first to the last name, and further to the left where the first row below has a value there, as an index has that nobody named.
 */
export class SheetTable {
  readonly #sheet: string;
  readonly #place: string;
  readonly #options: SheetTableOptions;
  #header: SheetRow | undefined;
  #columns: readonly string[] | undefined;
  #start = 0;
  #count = 0;

  constructor(file: string, options: SheetTableOptions & { readonly sheet: string }) {
    this.#sheet = options.sheet;
    this.#place = `${file}, sheet ${JSON.stringify(options.sheet)}`;
    this.#options = options;
  }

  /** A row of the table; nothing for its header, and for what stands above. */
  add(row: SheetRow): ReadRow | undefined {
    const { header, headerRow = 1 } = this.#options;
    if (row.number < headerRow) return undefined;
    if (header && this.#header === undefined) {
      this.#header = this.#assertHeader(row);
      return undefined;
    }
    this.#columns ??= this.#layOut(row);
    this.#count += 1;
    return this.#toRow(row, this.#columns);
  }

  end(): void {
    if (this.#options.header && this.#header === undefined) throw this.#noHeader();
  }

  /** The names of those columns of the table that lie in hidden ranges. */
  hiddenColumns(ranges: readonly (readonly [number, number])[]): readonly string[] {
    const names = this.#columns ?? [];
    return names
      .filter((_, index) =>
        ranges.some(([from, to]) => this.#start + index >= from && this.#start + index <= to),
      )
      .map((name) => JSON.stringify(name.slice(0, 64)));
  }

  #assertHeader(row: SheetRow): SheetRow {
    if (this.#options.headerRow !== undefined && row.number !== this.#options.headerRow)
      throw this.#noHeader();
    return row;
  }

  #noHeader(): OpenbatchError {
    return new OpenbatchError(
      "invalid_table",
      `${this.#place}, row ${this.#options.headerRow}: no names of columns.`,
      {
        hint: "Say in which row of the sheet the names of the columns stand: headerRow (--header-row).",
      },
    );
  }

  #layOut(first: SheetRow): readonly string[] {
    const header = this.#header;
    const [from, to] = extentOf(header ?? first);
    this.#start = Math.min(from, extentOf(first)[0]);
    const names = Array.from({ length: to - this.#start + 1 }, (_, index) => {
      const name = header?.cells[this.#start + index] ?? "";
      return String(name);
    });
    return toColumnNames(names, header === undefined ? this.#place : `${this.#place}, row ${header.number}`);
  }

  #toRow({ number: line, cells }: SheetRow, columns: readonly string[]): ReadRow {
    const number = this.#count;
    const outside = cells.findIndex((cell, index) => isValue(cell) && !this.#isInside(index, columns));
    if (outside !== -1) return { number, error: this.#outside(line, outside) };
    const values = columns.map((name, index) => [name, cells[this.#start + index] ?? null]);
    return { number, line, sheet: this.#sheet, cells: Object.fromEntries(values), columns };
  }

  #isInside(index: number, columns: readonly string[]): boolean {
    return index >= this.#start && index < this.#start + columns.length;
  }

  #outside(line: number, index: number): OpenbatchError {
    const named =
      this.#header === undefined
        ? "which the first row does not have"
        : `which row ${this.#header.number} does not name`;
    return new OpenbatchError(
      "invalid_table",
      `${this.#place}, row ${line}: a value in column ${toColumnName(index)}, ${named}.`,
      {
        hint: "If the names of the columns stand in another row, say in which: headerRow (--header-row). Otherwise name the column.",
      },
    );
  }
}

function isValue(cell: unknown): boolean {
  return cell !== undefined && cell !== null && cell !== "";
}

/** The first and the last column with a value. */
function extentOf({ cells }: SheetRow): readonly [number, number] {
  const first = cells.findIndex(isValue);
  let last = cells.length - 1;
  while (last >= 0 && !isValue(cells[last])) last -= 1;
  return [first === -1 ? maxSheetColumns : first, last];
}
