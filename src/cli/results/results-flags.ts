import { type Command, InvalidArgumentError, Option } from "commander";
import { type WritableFormat, writableFormats } from "../../index.js";
import { collectNames, collectValues, toCountFromOne } from "../frame/option-values.js";
import { addTableOptions, type TableFlags } from "../frame/table-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";

/** The options of `openbatch results`, as they were understood. */
export interface ResultsFlags extends TableFlags {
  readonly results?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly toFormat?: WritableFormat;
  readonly columns?: readonly string[];
  readonly keepFormulas?: true;
  readonly join?: string;
  readonly on?: string;
  readonly template?: string;
  readonly show?: number;
  readonly compare?: readonly string[];
  readonly id?: string;
  readonly failed?: true;
  readonly images?: string;
  readonly retryFile?: string;
  readonly retryProblems?: true;
  readonly overwrite?: true;
  readonly json?: true;
}

export function addResultsOptions(command: Command): void {
  command
    .argument("<file>", 'the batch file; or a results file alone ("-" is standard input)')
    .argument("[results...]", "its results files, output and error files alike (default: the one beside it)")
    .option("--results <file>", "a results file, as behind the batch file; may be repeated", collectValues)
    .option(
      "--from <service>",
      "whose own lines the results are, where they are none of the Batch API: anthropic",
    )
    .option(
      "--to <table>",
      'write the results as a table: CSV, TSV, JSONL, Parquet or .xlsx ("-" is standard output); or as a page: .html',
    )
    .addOption(
      new Option("--to-format <format>", "what to write (default: by the name)").choices(writableFormats),
    )
    .option(
      "--columns <names>",
      "paths into a result, separated by commas: custom_id,text,parsed.city (default: what there is)",
      collectNames,
    )
    .option("--keep-formulas", "leave cells of CSV and TSV that a spreadsheet would run as they are")
    .option(
      "--join <table>",
      "with --to: the rows that the requests were made of, with their answers beside them",
    )
    .option(
      "--on <column>",
      'with --join: the column with the custom_id, or what the id is made of, as in "review-{id}" (default: found out)',
    )
    .option(
      "--template <file>",
      "with --join: the template that the requests were built with, in place of --on",
    )
    .option(
      "--show <count>",
      "show the first requests with their answers; with --failed, the first without a usable one",
      toShownCount,
    )
    .option(
      "--id <custom_id>",
      "show one request whole: what was asked, what came of it, tokens, attempts, times",
    )
    .option(
      "--compare <file>",
      "another results file of the same requests: how often both agree, and where not; may be repeated",
      collectValues,
    )
    .option("--failed", "list what has no usable answer, by cause")
    .option("--images <folder>", "save the images of the answers")
    .option("--retry-file <file>", "write the batch file of what is worth sending again")
    .option("--retry-problems", "with --retry-file: answers that are refused, cut off or do not fit, too")
    .option("--overwrite", "replace files that are there already")
    .option("--json", "print one JSON object instead of text");
  addTableOptions(command).addHelpText("after", help);
}

const help = `
--input-format, --sheet, --header-row, --no-header, --delimiter, --quote and --encoding say how to read the table of
--join, which is never changed.
Exit codes: 0 every request has a usable answer, 1 some have not, 2 wrong usage or unreadable input.

Examples:
  openbatch results requests.jsonl
  openbatch results requests.jsonl --show 5
  openbatch results requests.jsonl --id request-17
  openbatch results requests.jsonl small.jsonl --compare large.jsonl
  openbatch results requests.jsonl output.jsonl errors.jsonl --failed
  openbatch results requests.jsonl --to answers.csv --columns custom_id,text,parsed.city,usage.output_tokens
  openbatch results requests.jsonl --join rows.csv --to answers.parquet
  openbatch results requests.jsonl --join reviews.xlsx --sheet Data --to answers.xlsx
  openbatch results requests.jsonl --join rows.csv --on "{hotel}-{id}" --to - --to-format csv
  openbatch results requests.jsonl --to report.html
  openbatch results requests.jsonl --retry-file again.jsonl
  openbatch results requests.jsonl --images pictures
  openbatch results requests.jsonl raw.jsonl --from anthropic`;

/** What one option is worth only beside another. */
const companions = [
  ["toFormat", "to"],
  ["columns", "to"],
  ["keepFormulas", "to"],
  ["join", "to"],
  ["on", "join"],
  ["template", "join"],
  ["inputFormat", "join"],
  ["sheet", "join"],
  ["headerRow", "join"],
  ["delimiter", "join"],
  ["quote", "join"],
  ["encoding", "join"],
  ["retryProblems", "retryFile"],
] as const;

/** What is not done where one request is shown. */
const besideOne = ["show", "to", "failed", "images", "retryFile", "compare"] as const;
/** What is not done where two results are compared. */
const besideCompared = ["columns", "join", "failed", "images", "retryFile"] as const;

export function assertResultsFlags(flags: ResultsFlags): void {
  if (flags.id !== undefined) assertNone(flags, besideOne, "--id shows one request");
  if (flags.compare !== undefined) assertNone(flags, besideCompared, "--compare compares two results");
  for (const [name, needed] of companions) {
    if (flags[name] === undefined || flags[needed] !== undefined) continue;
    throw wrongUsage(
      `${toFlag(name)} needs ${toFlag(needed)}.`,
      `Add ${toFlag(needed)}; see openbatch results --help.`,
    );
  }
  if (!flags.header && flags.join === undefined) throw wrongUsage("--no-header needs --join.", "Add --join.");
  if (flags.to === "-" && flags.json) {
    throw wrongUsage("--json and --to - both want standard output.", "Write the table to a path.");
  }
  if (flags.retryFile === "-") {
    throw wrongUsage("--retry-file takes a path.", "Name the batch file to write, as in again.jsonl.");
  }
}

function assertNone(flags: ResultsFlags, names: readonly (keyof ResultsFlags)[], doing: string): void {
  const other = names.find((name) => flags[name] !== undefined);
  if (other === undefined) return;
  const [option = ""] = doing.split(" ");
  throw wrongUsage(`${doing}, and does nothing else.`, `Leave out ${toFlag(other)}, or ${option}.`);
}

const maxShown = 1000;

function toShownCount(value: string): number {
  const count = toCountFromOne(value);
  if (count <= maxShown) return count;
  throw new InvalidArgumentError(`It must be ${maxShown} at the most; --to writes all of them.`);
}

function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
