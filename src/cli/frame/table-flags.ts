import { type Command, Option } from "commander";
import { type ReadRowsOptions, type TableFormat, tableFormats } from "../../index.js";

/** The options of a command that reads a table of rows. */
export interface TableFlags {
  readonly inputFormat?: TableFormat;
  readonly header: boolean;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly encoding?: string;
}

export function addTableOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--input-format <format>", "what the table is (default: by its name)").choices(tableFormats),
    )
    .option("--no-header", "the first line of CSV or TSV is a row; columns are column_1, column_2, ...")
    .option("--delimiter <text>", 'between the cells of CSV or TSV; "\\t" is a tab')
    .option(
      "--quote <character>",
      'around cells of CSV or TSV; "none" where quotes are plain text (default: \'"\')',
    )
    .option("--encoding <name>", "what the table is written in, such as windows-1252 (default: utf-8)");
}

export function toReadOptions(
  flags: TableFlags,
): Pick<ReadRowsOptions, "format" | "header" | "delimiter" | "quote" | "encoding"> {
  const { inputFormat, header, delimiter, quote, encoding } = flags;
  return {
    header,
    ...(inputFormat === undefined ? {} : { format: inputFormat }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter === "\\t" ? "\t" : delimiter }),
    ...(quote === undefined ? {} : { quote: quote === "none" ? null : quote }),
    ...(encoding === undefined ? {} : { encoding }),
  };
}
