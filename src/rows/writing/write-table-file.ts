import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  assertIterable,
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
import type { WriteRowsOptions, WrittenTable } from "./write-rows-options.js";

/** What `writeRows` does: a table beside, and in its place when it is whole. */
export async function writeTableFile(
  path: string | URL,
  rows: Iterable<object> | AsyncIterable<object>,
  options: WriteRowsOptions,
): Promise<WrittenTable> {
  assertOptions(options, rules);
  assertDistinct(options.columns);
  const name = toPath(path);
  assertIterable(rows);
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
