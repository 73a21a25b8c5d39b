import type { Command } from "commander";
import { collectValues, toPort } from "../frame/option-values.js";
import { addTableOptions, type TableFlags } from "../frame/table-flags.js";

/** The options of `openbatch view`, as they were understood. */
export interface ViewFlags extends TableFlags {
  readonly compare?: readonly string[];
  readonly join?: string;
  readonly on?: string;
  readonly template?: string;
  readonly results?: readonly string[];
  readonly from?: string;
  readonly port?: number;
  readonly open: boolean;
  readonly json?: true;
}

export function addViewOptions(command: Command): void {
  command
    .argument(
      "<file...>",
      "batch files, each with results files behind it; results files alone; folders of jobs and of questions (ask)",
    )
    .option(
      "--results <file>",
      "a results file of the batch file, output and error files alike; may be repeated (default: the one beside it)",
      collectValues,
    )
    .option(
      "--from <service>",
      "whose own lines the results are, where they are none of the Batch API: anthropic",
    )
    .option(
      "--compare <file>",
      "other results of the same requests, to be shown beside these; may be repeated for its error file",
      collectValues,
    )
    .option("--join <table>", "the rows that the requests were made of, for their columns beside the answers")
    .option(
      "--template <file>",
      "with --join: the template that the requests were built with, in place of --on",
    )
    .option(
      "--on <column>",
      'with --join: the column with the custom_id, or what the id is made of, as in "review-{id}" (default: found out)',
    )
    .option(
      "--port <number>",
      "where to listen on this machine; 0 takes any that is free (default: 0)",
      toPort,
    )
    .option("--no-open", "print the link alone: open no browser")
    .option("--json", "print one JSON object a line instead of text");
  addTableOptions(command).addHelpText("after", help);
}

const help = `
The page is served to this machine alone, and there to whoever has its link, which holds a key. It shows rows while the
files are still read, never changes a file, and loads nothing from anywhere else. A browser is opened from a terminal only.

--input-format, --sheet, --header-row, --no-header, --delimiter, --quote and --encoding say how to read the table of
--join.

Exit codes: 2 it could not be started, 130 interrupted.

Examples:
  openbatch view requests.jsonl
  openbatch view requests.jsonl output.jsonl errors.jsonl
  openbatch view requests.jsonl small-model.jsonl --compare large-model.jsonl
  openbatch view requests.jsonl --join reviews.xlsx
  openbatch view monday.jsonl tuesday.jsonl --port 4141 --no-open
  openbatch view output.jsonl`;
