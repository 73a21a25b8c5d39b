import { isObject } from "../../api/index.js";
import { Column } from "../../jsonl/index.js";
import type { Result } from "../../results/index.js";

const maxFields = 16;
const maxLevels = 8;
/** A number of one byte stands for each value, and 0 for none. */
const maxValues = 254;
/** A longer text is one of its own. */
const maxTextLength = 64;

/** Which value the answer of each row has at a place, where there are few: a byte a row for each of the first sixteen places. */
export class RowValues {
  readonly #fields = new Map<string, FieldValues>();

  add(row: number, result: Result): void {
    if (result.status !== "succeeded" || result.problem !== undefined) return;
    if (result.parsed !== undefined) this.#addValue(row, "parsed", result.parsed, 0);
    else if (result.text !== undefined) this.#addValue(row, "text", result.text, 0);
  }

  /** Whether the answer of a row has a value, as JSON writes it, at a place. */
  has(row: number, path: string, value: string): boolean {
    return this.#fields.get(path)?.has(row, value) === true;
  }

  /** Whether it is known of each row what it has at a place. */
  knows(path: string): boolean {
    return this.#fields.get(path)?.isKnown === true;
  }

  /** A list has many values at one place: rows cannot be told by one of them. */
  #addValue(row: number, path: string, value: unknown, level: number): void {
    if (isObject(value) && level <= maxLevels) {
      for (const [key, member] of Object.entries(value)) {
        this.#addValue(row, `${path}.${key}`, member, level + 1);
      }
    } else if (typeof value !== "object" || value === null) this.#fieldAt(path)?.add(row, value);
  }

  #fieldAt(path: string): FieldValues | undefined {
    const known = this.#fields.get(path);
    if (known !== undefined || this.#fields.size >= maxFields) return known;
    const field = new FieldValues();
    this.#fields.set(path, field);
    return field;
  }
}

class FieldValues {
  /** The number of each value, from 1, and of the rows; neither once there are too many values. */
  #known: { readonly numbers: Map<string, number>; readonly ofRows: Column } | undefined = {
    numbers: new Map(),
    ofRows: new Column(Uint8Array),
  };

  get isKnown(): boolean {
    return this.#known !== undefined;
  }

  add(row: number, value: unknown): void {
    if (this.#known === undefined) return;
    const { numbers, ofRows } = this.#known;
    const isLong = typeof value === "string" && value.length > maxTextLength;
    const text = isLong ? "" : JSON.stringify(value);
    const number = numbers.get(text) ?? numbers.size + 1;
    if (isLong || number > maxValues) {
      this.#known = undefined;
      return;
    }
    numbers.set(text, number);
    while (ofRows.length < row) ofRows.push(0);
    if (ofRows.length === row) ofRows.push(number);
    // A row that had no answer may have one later; a key with a point in it can lead to a place twice.
    else if (ofRows.get(row) === 0) ofRows.set(row, number);
  }

  has(row: number, value: string): boolean {
    const number = this.#known?.numbers.get(value);
    const ofRows = this.#known?.ofRows;
    return number !== undefined && ofRows !== undefined && row < ofRows.length && ofRows.get(row) === number;
  }
}
