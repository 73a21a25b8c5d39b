import { formatCount } from "../../errors/index.js";
import { DateCell } from "../table/date-cell.js";
import type { NumberKind } from "../table/number-format.js";
import { maxSheetColumns, maxSheetRows, toColumnName } from "../table/sheet-size.js";
import { damagedWorkbook, tooLargeWorkbook } from "./damaged-workbook.js";
import { toDateText } from "./serial-date.js";
import type { SharedStrings } from "./shared-strings.js";
import { decodeEscapes, TextOfCell } from "./text-of-cell.js";
import type { Workbook } from "./workbook.js";
import { isOn, type XmlAttributes, type XmlListener, XmlPart } from "./xml-part.js";

/** What a cell may hold. */
export type CellValue = string | number | boolean | DateCell | null;

/** A row of a sheet with anything in it. */
export interface SheetRow {
  /** As a spreadsheet numbers it, from 1. */
  readonly number: number;
  /** By column, from 0; those without a value are absent or null. */
  readonly cells: readonly (CellValue | undefined)[];
}

/** What a sheet holds beside its values. */
export interface SheetFacts {
  hiddenRows: number;
  /** From 0, with the last. */
  readonly hiddenColumns: (readonly [number, number])[];
  /** Cells with an error such as #N/A, which are null. */
  errorCells: number;
  formulas: number;
  /** Formulas that were saved without a value, as by a program that computes nothing: they are null. */
  valuelessFormulas: number;
  mergedRanges: number;
}

export interface SheetOptions extends Pick<SharedParts, "facts" | "keepDates"> {
  readonly onProgress: ((fraction: number) => void) | undefined;
}

/** Rows of a sheet with their values, as they come, without those that are blank. */
export async function* readSheetRows(
  workbook: Workbook,
  path: string,
  { facts, keepDates, onProgress }: SheetOptions,
): AsyncGenerator<readonly SheetRow[]> {
  const [strings, kinds] = [await workbook.strings(), await workbook.kinds()];
  const reader = new SheetReader(workbook, { strings, kinds, facts, keepDates });
  const xml = new XmlPart({ name: workbook.name, part: path, listener: reader });
  const whole = workbook.compressedBytesOf(path);
  const onRead = (bytes: number): void => onProgress?.(bytes / whole);
  for await (const chunk of workbook.readPart(path, { onRead })) {
    xml.push(chunk);
    yield reader.takeRows();
  }
  xml.end();
  yield reader.takeRows();
}

interface SharedParts {
  readonly strings: SharedStrings;
  readonly kinds: readonly NumberKind[];
  readonly facts: SheetFacts;
  /** Whether dates stay what they are, instead of text. */
  readonly keepDates: boolean;
}

class SheetReader implements XmlListener {
  readonly #workbook: Workbook;
  readonly #parts: SharedParts;
  readonly #text = new TextOfCell();
  #rows: SheetRow[] = [];
  #isInData = false;
  #row = 0;
  #cells: (CellValue | undefined)[] = [];
  #hasValue = false;
  #column = -1;
  #type = "n";
  #style = 0;
  #value = "";
  #isValue = false;
  #isFormula = false;
  #isInline = false;

  constructor(workbook: Workbook, parts: SharedParts) {
    this.#workbook = workbook;
    this.#parts = parts;
  }

  takeRows(): readonly SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (!this.#isInData) this.#openOutside(name, attributes);
    else if (name === "c") this.#openCell(attributes);
    else if (name === "v") this.#isValue = true;
    else if (name === "is") this.#isInline = true;
    else if (name === "f") this.#isFormula = true;
    else if (name === "row") this.#openRow(attributes);
    else if (this.#isInline) this.#text.open(name);
  }

  text(text: string): void {
    if (this.#isValue) this.#value += text;
    else if (this.#isInline) this.#text.add(text);
  }

  close(name: string): void {
    if (!this.#isInData) return;
    if (name === "v") this.#isValue = false;
    else if (name === "c") this.#closeCell();
    else if (name === "row") this.#closeRow();
    else if (name === "is") this.#isInline = false;
    else if (name === "sheetData") this.#isInData = false;
    else if (this.#isInline) this.#text.close(name);
  }

  #openOutside(name: string, { min, max, hidden }: XmlAttributes): void {
    const { facts } = this.#parts;
    if (name === "sheetData") this.#isInData = true;
    else if (name === "mergeCell") facts.mergedRanges += 1;
    else if (name === "col" && isOn(hidden) && facts.hiddenColumns.length < maxSheetColumns) {
      facts.hiddenColumns.push([Number(min) - 1, Number(max) - 1]);
    }
  }

  #openRow({ r, hidden }: XmlAttributes): void {
    const number = r === undefined ? this.#row + 1 : Number(r);
    if (!(number > this.#row))
      throw damagedWorkbook(this.#workbook.name, `row ${this.#row} is followed by another before it`);
    if (number > maxSheetRows) {
      throw tooLargeWorkbook(this.#workbook.name, `a sheet with more than ${formatCount(maxSheetRows)} rows`);
    }
    this.#row = number;
    this.#column = -1;
    if (isOn(hidden)) this.#parts.facts.hiddenRows += 1;
  }

  #closeRow(): void {
    if (this.#hasValue) this.#rows.push({ number: this.#row, cells: this.#cells });
    this.#cells = [];
    this.#hasValue = false;
  }

  #openCell({ r, t = "n", s = "0" }: XmlAttributes): void {
    this.#column = r === undefined ? this.#column + 1 : toColumnIndex(r);
    if (!(this.#column < maxSheetColumns)) {
      throw tooLargeWorkbook(
        this.#workbook.name,
        `row ${this.#row} with more than ${formatCount(maxSheetColumns)} columns`,
      );
    }
    this.#type = t;
    this.#style = Number(s);
    this.#value = "";
    this.#isFormula = false;
  }

  #closeCell(): void {
    if (this.#isFormula) this.#countFormula();
    const value = this.#toValue();
    if (value === null) return;
    this.#cells[this.#column] = value;
    if (value !== "") this.#hasValue = true;
  }

  /** One that gave an empty text has the type of a text, and so a value. */
  #countFormula(): void {
    const { facts } = this.#parts;
    facts.formulas += 1;
    if (this.#value !== "" || this.#type === "str") return;
    facts.valuelessFormulas += 1;
    // A row of formulas is a row, whatever they give.
    this.#hasValue = true;
  }

  #toValue(): CellValue {
    const raw = this.#value;
    switch (this.#type) {
      case "inlineStr":
        // Some programs write a plain value there.
        return raw === "" ? this.#text.take() : decodeEscapes(raw);
      case "s":
        return raw.trim() === "" ? null : this.#parts.strings.get(Number(raw));
      case "str":
        return decodeEscapes(raw);
      case "d":
        return raw.trim() === "" ? null : raw.trim();
      case "b":
        return raw.trim() === "" ? null : isOn(raw.trim().toLowerCase());
      case "e":
        this.#parts.facts.errorCells += 1;
        // A row of errors is a row.
        this.#hasValue = true;
        return null;
      default:
        return raw.trim() === "" ? null : this.#toNumber(raw);
    }
  }

  #toNumber(raw: string): CellValue {
    const number = Number(raw);
    if (!Number.isFinite(number)) {
      const place = `the cell ${toColumnName(this.#column)}${this.#row}`;
      throw damagedWorkbook(this.#workbook.name, `${place} claims to be a number and is none`);
    }
    const kind = this.#parts.kinds[this.#style] ?? "number";
    return kind === "number" ? number : this.#toDate(number, kind);
  }

  #toDate(number: number, kind: DateCell["kind"]): CellValue {
    const { isFrom1904 } = this.#workbook;
    const text = toDateText(number, kind, { isFrom1904 });
    if (!this.#parts.keepDates || typeof text === "number") return text;
    const hasDay = text.includes("-") && kind !== "duration";
    return new DateCell(text, isFrom1904 && hasDay ? number + days1904 : number, kind);
  }
}

/** Days from the end of 1899 to the beginning of 1904. */
const days1904 = 1462;

/** The column of a place such as `AB12`, from 0. */
function toColumnIndex(place: string): number {
  let column = 0;
  for (let at = 0; at < place.length; at += 1) {
    const letter = place.charCodeAt(at) & 0xdf;
    if (letter < 0x41 || letter > 0x5a) break;
    column = column * 26 + letter - 0x40;
  }
  return column === 0 ? maxSheetColumns : column - 1;
}
