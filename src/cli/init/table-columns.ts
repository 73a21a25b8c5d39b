import { OpenbatchError } from "../../errors/index.js";
import { type Row, readRows } from "../../index.js";
import { type TableFlags, toReadOptions } from "../frame/table-flags.js";

/** What the cells of a column look like. */
export type CellType = "integer" | "number" | "boolean" | "date" | "text" | "object";

/** A column of a table, as far as its first rows tell. */
export interface TableColumn {
  readonly name: string;
  readonly type: CellType;
  /** Its values in the order in which they were seen, where they are few. */
  readonly values: readonly string[] | undefined;
  /** Whether each row has another value, and none is blank or long. */
  readonly isUnique: boolean;
  /** Of the cells that are not blank, in characters. */
  readonly averageLength: number;
  readonly longest: number;
  /** Rows without a value. */
  readonly blank: number;
  /** Whether some of those are null, which is not the same as an empty text. */
  readonly hasNull: boolean;
  /** Whether every row has the column, as rows of JSON need not. */
  readonly isEverywhere: boolean;
}

export interface DescribedTable {
  readonly columns: readonly TableColumn[];
  readonly first: Row;
  /** How many rows were looked at. */
  readonly rows: number;
  readonly hasMore: boolean;
  readonly notes: readonly string[];
}

const lookedAt = 20_000;

/** Looks at the first rows of a table. */
export async function describeTable(
  path: string,
  flags: TableFlags,
  signal: AbortSignal,
): Promise<DescribedTable> {
  const notes: string[] = [];
  const onNote = (note: string): void => void notes.push(note);
  const columns = new Map<string, ColumnTally>();
  let [first, rows]: [Row | undefined, number] = [undefined, 0];
  let hasMore = false;
  for await (const row of readRows(path, { ...toReadOptions(flags), signal, onNote })) {
    if (rows === lookedAt) {
      hasMore = true;
      break;
    }
    first ??= row;
    rows += 1;
    addRow(row, columns);
  }
  if (first === undefined) {
    throw new OpenbatchError("invalid_table", `${path} holds no row.`, {
      hint: "Look whether it is the right file.",
    });
  }
  return { columns: [...columns.values()].map((tally) => tally.describe(rows)), first, rows, hasMore, notes };
}

function addRow(
  { cells, columns: names = Object.keys(cells) }: Row,
  columns: Map<string, ColumnTally>,
): void {
  for (const name of names) {
    const tally = columns.get(name) ?? new ColumnTally(name);
    columns.set(name, tally);
    tally.add(cells[name]);
  }
}

/** More values than these are not few. */
const maxFew = 12;
/** A value of a few is a word or two. */
const maxFewLength = 40;
/** Longer cells are no ids; together with what stands around it, an id has 64 characters at the most. */
const maxIdLength = 48;

class ColumnTally {
  readonly #name: string;
  readonly #types = new Set<CellType>();
  /** Given up where neither all differ nor they are few. */
  #values: Set<string> | undefined = new Set();
  #count = 0;
  #blank = 0;
  #hasNull = false;
  #characters = 0;
  #longest = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(value: unknown): void {
    this.#count += 1;
    const text = toText(value);
    if (value === null || value === undefined) this.#hasNull = true;
    if (text === undefined || text.trim() === "") {
      this.#blank += 1;
      return;
    }
    this.#types.add(typeof value === "object" ? "object" : toCellType(text));
    this.#characters += text.length;
    this.#longest = Math.max(this.#longest, text.length);
    this.#addValue(text);
  }

  describe(rows: number): TableColumn {
    const filled = this.#count - this.#blank;
    const distinct = this.#values?.size ?? 0;
    const isFew = distinct >= 2 && distinct <= maxFew && this.#longest <= maxFewLength;
    return {
      name: this.#name,
      type: this.#toType(),
      values: isFew && distinct * 2 <= filled ? [...(this.#values ?? [])] : undefined,
      isUnique: filled === rows && distinct === rows && this.#longest <= maxIdLength,
      averageLength: filled === 0 ? 0 : this.#characters / filled,
      longest: this.#longest,
      blank: rows - filled,
      hasNull: this.#hasNull,
      isEverywhere: this.#count === rows,
    };
  }

  #addValue(text: string): void {
    if (this.#values === undefined) return;
    this.#values.add(text);
    const filled = this.#count - this.#blank;
    const isOver = this.#longest > maxIdLength || (this.#values.size > maxFew && this.#values.size < filled);
    if (isOver) this.#values = undefined;
  }

  #toType(): CellType {
    const [type = "text", ...others] = this.#types;
    if (others.length === 0) return type;
    const isNumber = [...this.#types].every((each) => each === "integer" || each === "number");
    return isNumber ? "number" : "text";
  }
}

function toText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What begins with a zero is no number but a code. */
function toCellType(text: string): CellType {
  if (/^(?:true|false)$/i.test(text)) return "boolean";
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(text)) return "integer";
  if (/^-?(?:0|[1-9]\d{0,14})\.\d+$/.test(text)) return "number";
  if (/^\d{4}-\d{2}-\d{2}(?:[T ][\d:.Z+-]+)?$/.test(text)) return "date";
  return "text";
}
