import { isObject } from "../../api/index.js";
import { Column } from "../../jsonl/index.js";
import type { FieldCount, FieldValueCount } from "../wire/source-summary.js";

const maxFields = 16;
const maxLevels = 2;
/** A number of one byte stands for each value, and 0 for none. */
const maxValues = 254;
/** A longer text is no name of anything. */
const maxTextLength = 60;

/** What usable answers hold, by place: how often each value is there, and which row has which, where they are few. */
export class FieldValues {
  readonly #fields = new Map<string, Field>();

  add(row: number, parsed: unknown): void {
    if (isObject(parsed)) this.#addMembers(row, parsed, "", 1);
  }

  /** Whether the answer of a row has a value, as JSON writes it, at a place. */
  has(row: number, path: string, value: string): boolean {
    return this.#fields.get(path)?.has(row, value) === true;
  }

  list(): readonly FieldCount[] {
    return [...this.#fields].map(([path, field]) => field.describe(path)).filter(isTelling);
  }

  #addMembers(row: number, object: Readonly<Record<string, unknown>>, before: string, level: number): void {
    for (const [key, value] of Object.entries(object)) {
      const path = before + key;
      if (isObject(value) && level < maxLevels) this.#addMembers(row, value, `${path}.`, level + 1);
      else if (isPlain(value)) this.#fieldAt(path)?.add(row, value);
    }
  }

  #fieldAt(path: string): Field | undefined {
    const known = this.#fields.get(path);
    if (known !== undefined || this.#fields.size >= maxFields) return known;
    const field = new Field();
    this.#fields.set(path, field);
    return field;
  }
}

type Plain = string | number | boolean | null;

function isPlain(value: unknown): value is Plain {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isTelling({ values, range, count }: FieldCount): boolean {
  return range !== undefined || (values.length > 0 && values.length < Math.max(count, 2));
}

class Field {
  /** The number of each value, from 1; none of them once there are too many. */
  #numbers: Map<string, number> | undefined = new Map();
  #counts: number[] = [0];
  #ofRows: Column | undefined = new Column(Uint8Array);
  #count = 0;
  #numeric = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(row: number, value: Plain): void {
    this.#count += 1;
    if (typeof value === "number") this.#addNumber(value);
    if (this.#numbers === undefined || this.#ofRows === undefined) return;
    const number = this.#numberOf(value, this.#numbers);
    if (number === undefined) return this.#giveUp();
    while (this.#ofRows.length < row) this.#ofRows.push(0);
    this.#ofRows.push(number);
    this.#counts[number] = (this.#counts[number] ?? 0) + 1;
  }

  has(row: number, value: string): boolean {
    const number = this.#numbers?.get(value);
    const column = this.#ofRows;
    return number !== undefined && column !== undefined && row < column.length && column.get(row) === number;
  }

  describe(path: string): FieldCount {
    const isNumeric = this.#count > 0 && this.#numeric === this.#count;
    const range = { min: this.#min, max: this.#max, mean: this.#sum / Math.max(this.#numeric, 1) };
    return { path, count: this.#count, values: this.#values(), range: isNumeric ? range : undefined };
  }

  #values(): readonly FieldValueCount[] {
    const values = [...(this.#numbers ?? [])].map(([value, number]) => ({
      value,
      count: this.#counts[number] ?? 0,
    }));
    return values.sort((one, other) => other.count - one.count);
  }

  #addNumber(value: number): void {
    this.#numeric += 1;
    this.#sum += value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  #numberOf(value: Plain, numbers: Map<string, number>): number | undefined {
    if (typeof value === "string" && value.length > maxTextLength) return undefined;
    const text = JSON.stringify(value);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    if (numbers.size >= maxValues) return undefined;
    numbers.set(text, numbers.size + 1);
    return numbers.size;
  }

  #giveUp(): void {
    this.#numbers = undefined;
    this.#ofRows = undefined;
    this.#counts = [];
  }
}
