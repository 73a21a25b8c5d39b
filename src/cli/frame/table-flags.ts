import { type Command, Option } from "commander";
import { quoteArgument } from "../../errors/index.js";
import { type ReadRowsOptions, type TableFormat, tableFormats } from "../../index.js";
import { toCountFromOne } from "./option-values.js";

/** The options of a command that reads a table of rows. */
export interface TableFlags {
  readonly inputFormat?: TableFormat;
  readonly sheet?: string;
  readonly header: boolean;
  readonly headerRow?: number;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly encoding?: string;
}

export function addTableOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--input-format <format>", "what the table is (default: by its name)").choices(tableFormats),
    )
    .option("--sheet <name>", "the sheet of a workbook, by name or number (default: the first with cells)")
    .option(
      "--header-row <number>",
      "the row of the sheet, or line of CSV or TSV, that names the columns (default: the first)",
      toCountFromOne,
    )
    .option(
      "--no-header",
      "the first row of CSV, TSV or a sheet is no header; columns are column_1, column_2, ...",
    )
    .option("--delimiter <text>", 'between the cells of CSV or TSV; "\\t" is a tab')
    .option(
      "--quote <character>",
      'around cells of CSV or TSV; "none" where quotes are plain text (default: \'"\')',
    )
    .option("--encoding <name>", "what the table is written in, such as windows-1252 (default: utf-8)");
}

/** The same in a command that people copy. */
export function toTableWords(flags: TableFlags): string {
  const { inputFormat, sheet, header, headerRow, delimiter, quote, encoding } = flags;
  const values = {
    "--input-format": inputFormat,
    "--sheet": sheet,
    "--header-row": headerRow?.toString(),
    "--delimiter": delimiter,
    "--quote": quote,
    "--encoding": encoding,
  };
  const words = Object.entries(values).flatMap(([flag, value]) =>
    value === undefined ? [] : [` ${flag} ${quoteArgument(value)}`],
  );
  return [...words, ...(header ? [] : [" --no-header"])].join("");
}

export function toReadOptions(
  flags: TableFlags,
): Pick<ReadRowsOptions, "format" | "sheet" | "header" | "headerRow" | "delimiter" | "quote" | "encoding"> {
  const { inputFormat, sheet, header, headerRow, delimiter, quote, encoding } = flags;
  return {
    header,
    ...(sheet === undefined ? {} : { sheet }),
    ...(headerRow === undefined ? {} : { headerRow }),
    ...(inputFormat === undefined ? {} : { format: inputFormat }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter === "\\t" ? "\t" : delimiter }),
    ...(quote === undefined ? {} : { quote: quote === "none" ? null : quote }),
    ...(encoding === undefined ? {} : { encoding }),
  };
}
