import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  assertOptions,
  choiceOption,
  flagOption,
  functionOption,
  type OptionRules,
  signalOption,
} from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import { removeLeftovers, toPath, writeOutput } from "../../files/index.js";
import { escapeLine } from "../../jsonl/index.js";
import { toCellJson } from "../table/cell-json.js";
import { assertNotOpenElsewhere } from "../table/open-elsewhere.js";
import { assertRowsFit } from "../table/sheet-size.js";
import { toWritableFormat, type WritableFormat, writableFormats } from "../table/table-format.js";
import { openCells, type TableCells } from "./table-cells.js";
import { TableOutput, type WriteBytes } from "./table-output.js";

export interface WriteRowsOptions {
  /**
   * The columns, in their order; what else a row has is left out, and what it lacks is null. By default those of the first row, and
   * then a row that has another is an error.
   */
  readonly columns?: readonly string[];
  /** By default what the name of the file says; `-` needs it. */
  readonly format?: WritableFormat;
  /** Whether to replace a file that is there already, once the new one is whole. False by default: then it is an error. */
  readonly overwrite?: boolean;
  /**
   * Whether CSV and TSV keep text that a spreadsheet would run as a formula, because it starts with `=`, `+`, `-`, `@`, a tab or a
   * carriage return. By default an apostrophe is put before it; numbers such as `-5` stay as they are.
   */
  readonly keepFormulas?: boolean;
  /** Between the cells of CSV and TSV. By default `,` and a tab. */
  readonly delimiter?: string;
  /** Whether CSV and TSV begin with a byte order mark, by which Excel knows UTF-8. False by default. */
  readonly byteOrderMark?: boolean;
  /** Told how many rows were written, after each. */
  readonly onProgress?: (rows: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes a table row by row, in little memory however long it is: CSV or TSV with a header, JSON Lines, Parquet, or a workbook of Excel. The file is
 * written beside and put in its place when it is whole; `-` is standard output. Gives the number of rows.
 *
 * Objects and arrays are JSON text in CSV and TSV; in JSON Lines they are what they are. The type of a Parquet column is found
 * from all its cells: text, whole numbers, numbers, booleans, lists of numbers or of text, and JSON for the rest. For that the rows
 * are kept in a file beside first, unless they are few. In a workbook numbers, booleans and a `Date` are what they are, text is never a
 * formula, and what Excel has no room for (a cell of more than 32,767 characters, more than 1,048,576 rows with the header) is an error.
 *
 * @throws {OpenbatchError} `invalid_option`, `invalid_table` for a row that is no object or has a column of its own,
 * `file_exists`, `disk_full`, and others of a file that cannot be written; what `rows` throws. Then nothing is left behind.
 *
 * @example
 * ```ts
 * import { writeRows } from "openbatch";
 *
 * await writeRows("cities.csv", [
 *   { name: "Paris", country: "France" },
 *   { name: "Rome", country: "Italy" },
 * ]);
 * ```
 */
export async function writeRows(
  path: string | URL,
  rows: Iterable<object> | AsyncIterable<object>,
  options: WriteRowsOptions = {},
): Promise<number> {
  const { rows: count } = await writeTable(path, rows, options);
  return count;
}

/** What was written. */
export interface WrittenTable {
  readonly rows: number;
  /** Cells that got an apostrophe, because a spreadsheet would have run them as a formula. */
  readonly changedCells: number;
}

/** As `writeRows`; gives the number of changed cells too. */
export async function writeTable(
  path: string | URL,
  rows: Iterable<object> | AsyncIterable<object>,
  options: WriteRowsOptions,
): Promise<WrittenTable> {
  assertOptions(options, rules);
  assertDistinct(options.columns);
  const name = toPath(path);
  const format = options.format ?? toWritableFormat(name);
  if (Array.isArray(rows)) assertRowsFit(rows.length, format);
  let count = 0;
  let changedCells = 0;
  const onRow = (number: number): void => {
    count = number;
    options.onProgress?.(number);
  };
  const onChangedCell = (): void => {
    changedCells += 1;
  };
  const { columns, signal, overwrite = false } = options;
  const write = async (bytes: WriteBytes, scratch: string): Promise<void> => {
    const cells = await openCells(rows, { columns, signal, onRow });
    await writeCells(cells, new TableOutput(bytes), { ...options, format, scratch, onChangedCell });
  };
  const beside = `${name === "-" ? join(tmpdir(), "openbatch") : name}.${crypto.randomUUID()}.rows.tmp`;
  if (name === "-") await write(writeToStandardOutput, beside);
  else {
    if (format === "xlsx" && overwrite) assertNotOpenElsewhere(name);
    await removeLeftovers(name);
    await writeOutput(name, { overwrite }, (file) => write((bytes) => file.writeFile(bytes), beside));
  }
  return { rows: count, changedCells };
}

const rules: OptionRules<WriteRowsOptions> = {
  columns: {
    isValid: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string"),
    expected: "a list of names, at least one",
    flag: "--columns",
  },
  format: { ...choiceOption(...writableFormats), flag: "--to-format" },
  overwrite: { ...flagOption, flag: "--overwrite" },
  keepFormulas: { ...flagOption, flag: "--keep-formulas" },
  delimiter: {
    isValid: (value) => typeof value === "string" && /^[^"\r\n]+$/.test(value),
    expected: "text without quotes and line ends",
  },
  byteOrderMark: flagOption,
  onProgress: functionOption,
  signal: signalOption,
};

function assertDistinct(columns: readonly string[] = []): void {
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new OpenbatchError("invalid_option", `The column ${JSON.stringify(twice)} is named twice.`, {
    hint: "Name each column once: columns (--columns).",
  });
}

function writeToStandardOutput(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

interface CellsOptions extends WriteRowsOptions {
  readonly format: WritableFormat;
  /** Where Parquet keeps its rows meanwhile. */
  readonly scratch: string;
  readonly onChangedCell: () => void;
}

/** Loads the writer of the one format. */
async function writeCells(
  { columns, rows }: TableCells,
  output: TableOutput,
  { format, scratch, onChangedCell, ...options }: CellsOptions,
): Promise<void> {
  switch (format) {
    case "csv":
    case "tsv": {
      const { writeDelimited } = await import("./write-delimited.js");
      const { delimiter = format === "csv" ? "," : "\t", byteOrderMark, keepFormulas } = options;
      await writeDelimited(rows, output, { columns, delimiter, byteOrderMark, keepFormulas, onChangedCell });
      break;
    }
    case "jsonl": {
      await writeJsonLines(rows, output, columns);
      break;
    }
    case "parquet": {
      const { writeParquet } = await import("./write-parquet.js");
      await writeParquet(rows, output, { columns, scratch, signal: options.signal });
      break;
    }
    case "xlsx": {
      const { writeWorkbook } = await import("./write-workbook.js");
      await writeWorkbook(rows, output, columns);
      break;
    }
    default:
      format satisfies never;
  }
  await output.flush();
}

/** Rows of JSON Lines: an object with every column on each line. */
async function writeJsonLines(
  rows: AsyncIterable<readonly unknown[]>,
  output: TableOutput,
  columns: readonly string[],
): Promise<void> {
  const keys = columns.map((column, index) => `${index === 0 ? "{" : ","}${JSON.stringify(column)}:`);
  for await (const row of rows) {
    const members = keys.map((key, index) => `${key}${toCellJson(row[index])}`);
    await output.addText(`${escapeLine(members.join(""))}}\n`);
  }
}
