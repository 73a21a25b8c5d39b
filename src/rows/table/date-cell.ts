import type { NumberKind } from "./number-format.js";

/** A date, a time or a duration of a workbook, to be written into another one as what it is. Everywhere else it is its text. */
export class DateCell {
  readonly text: string;
  /** In days, from the end of 1899 on as Excel counts. */
  readonly serial: number;
  readonly kind: Exclude<NumberKind, "number">;

  constructor(text: string, serial: number, kind: Exclude<NumberKind, "number">) {
    this.text = text;
    this.serial = serial;
    this.kind = kind;
  }

  toJSON(): string {
    return this.text;
  }

  toString(): string {
    return this.text;
  }
}
