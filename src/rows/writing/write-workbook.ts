import { maxSheetColumns, maxSheetRows, toColumnName, tooManyForSheet } from "../table/sheet-size.js";
import { toCellXml, toTextXml, widthOf } from "./sheet-cell.js";
import type { TableOutput } from "./table-output.js";
import {
  cellStyles,
  fixedParts,
  sheetPath,
  toSheetEnd,
  toSheetStart,
  toWorkbookPart,
} from "./workbook-parts.js";
import { ZipOutput } from "./zip-output.js";

/** Rows that are looked at for the widths of the columns. */
const headRows = 100;
const [minWidth, maxWidth] = [9, 60];
/** Characters of XML that are handed on together. */
const pieceLength = 65_536;

type Cells = readonly unknown[];

/**
 * Rows of a workbook of Excel with one sheet: numbers, booleans and dates are what they are, text is never a formula, and lists and
 * objects are JSON text. The header is frozen and can be filtered by, long text is wrapped.
 */
export async function writeWorkbook(
  rows: AsyncIterable<Cells>,
  output: TableOutput,
  columns: readonly string[],
): Promise<void> {
  if (columns.length > maxSheetColumns) throw tooManyForSheet("columns");
  const zip = new ZipOutput((bytes) => output.addBytes(bytes));
  for (const [path, part] of fixedParts) await zip.addFile(path, part);
  const sheet = new SheetXml(columns);
  await zip.addStream(sheetPath, inPieces(sheet.write(rows)));
  await zip.addFile("xl/workbook.xml", toWorkbookPart(sheet.lastPlace));
  await zip.finish();
}

class SheetXml {
  readonly #columns: readonly string[];
  readonly #letters: readonly string[];
  #row = 1;

  constructor(columns: readonly string[]) {
    this.#columns = columns;
    this.#letters = columns.map((_, index) => toColumnName(index));
  }

  get lastPlace(): string {
    return `${this.#letters.at(-1) ?? "A"}${this.#row}`;
  }

  async *write(rows: AsyncIterable<Cells>): AsyncGenerator<string> {
    let head: Cells[] | undefined = [];
    for await (const row of rows) {
      if (head === undefined) {
        yield this.#toRow(row);
        continue;
      }
      head.push(row);
      if (head.length < headRows) continue;
      yield this.#start(head);
      head = undefined;
    }
    if (head !== undefined) yield this.#start(head);
    yield toSheetEnd(this.lastPlace);
  }

  /** All up to the rows that come now. */
  #start(head: readonly Cells[]): string {
    const widths = this.#columns.map((name, index) => {
      const widest = Math.max(name.length + 3, ...head.map((row) => widthOf(row[index])));
      return Math.min(maxWidth, Math.max(minWidth, widest + 1));
    });
    const names = this.#columns.map((name, index) =>
      toTextXml(name, `${this.#letters[index]}1`, cellStyles.header),
    );
    return `${toSheetStart(widths)}<row r="1">${names.join("")}</row>${head.map((row) => this.#toRow(row)).join("")}`;
  }

  #toRow(row: Cells): string {
    this.#row += 1;
    if (this.#row > maxSheetRows) throw tooManyForSheet("rows");
    const cells = this.#letters.map((letter, index) => toCellXml(row[index], `${letter}${this.#row}`));
    return `<row r="${this.#row}">${cells.join("")}</row>`;
  }
}

async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}
