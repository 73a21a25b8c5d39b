import { type Stats, statSync } from "node:fs";
import { type Command, Option } from "commander";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { collectNames, toCount } from "../frame/option-values.js";
import { addTableOptions } from "../frame/table-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import type { BuildFlags } from "./build-flags.js";
import { printOutcome } from "./build-report.js";
import { buildRequests } from "./build-requests.js";

export function define(command: Command): void {
  command
    .argument("[table]", 'CSV, TSV, JSONL, JSON, Parquet or .xlsx, also .gz; "-" is standard input')
    .option(
      "-t, --template <file>",
      "required; YAML or JSON: the endpoint, its parameters, the prompt with {column} placeholders",
    )
    .option("-i, --input <table>", "the table, where it is no argument")
    .option(
      "-o, --output <file>",
      'required, but for --dry-run; the batch file to write; "-" is standard output',
    )
    .addOption(
      new Option("--overwrite", "replace an output that exists, once the new one is whole").conflicts(
        "append",
      ),
    )
    .option("--append", "add to an output that exists; requests that are in it already are skipped")
    .option("--dry-run", "show the first requests, and write nothing")
    .option("-n, --lines <count>", "how many requests --dry-run shows", toCount, 3)
    .option("--limit <count>", "take only the first rows", toCount)
    .addOption(
      new Option("--on-error <what>", "at a row that fails: stop, or skip it and report all such rows")
        .choices(["stop", "skip"])
        .default("stop"),
    )
    .option("--skip-empty", "leave out rows where a cell of the prompt is blank")
    .option("--skip-blank-rows", "leave out rows where every cell of the prompt is blank")
    .option(
      "--null <text>",
      "write null cells as this text (default: null_text of the template, or an error)",
    )
    .addOption(
      new Option(
        "--for <target>",
        "upload: the requests are for OpenAI's Batch API; openbatch: for a server of your own, which may take values " +
          "that OpenAI refuses",
      )
        .choices(["upload", "openbatch"])
        .default("upload"),
    )
    .option(
      "--allow-unknown <names>",
      'parameters to let through, separated by commas, or "all" (may be repeated)',
      collectNames,
    );
  addTableOptions(command)
    .option("--images <folder>", "where the paths of local images start (default: the folder of the table)")
    .option("--max-image-bytes <count>", "how large a local image may be (default: 20971520)", toCount)
    .option("--ensure-ascii", "write every character beyond ASCII as \\uXXXX")
    .option("--json", "print one JSON object instead of text")
    .addHelpText("after", help);
}

const help = `
A batch file that this command has begun and not finished (a row that failed, Ctrl-C, a crash) goes on with --append.
Exit codes: 0 done, 1 a row failed, 2 wrong usage or unreadable input, 3 stopped by a cause outside the data, 130 interrupted.

Examples:
  openbatch build rows.csv --template template.yaml --dry-run -n 2
  openbatch build rows.csv --template template.yaml --output requests.jsonl
  openbatch build reviews.xlsx --sheet Data --header-row 3 -t template.yaml -o requests.jsonl
  openbatch build rows.parquet -t template.yaml -o requests.jsonl --overwrite --on-error skip
  zcat rows.jsonl.gz | openbatch build - -t template.yaml --input-format jsonl -o requests.jsonl`;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = toFlags(command.opts<GivenFlags>(), command.args[0]);
  assertFlags(flags);
  if (command.getOptionValueSource("lines") === "cli" && !flags.dryRun) {
    throw wrongUsage(
      "--lines says how many requests --dry-run shows.",
      "Add --dry-run, or take only the first rows with --limit.",
    );
  }
  const outcome = await buildRequests(flags, io);
  printOutcome(outcome, { flags, io });
  return outcome.failed > 0 ? ExitCode.findings : ExitCode.done;
}

/** As they were given: nothing need be there. */
type GivenFlags = Omit<BuildFlags, "template" | "input"> & Partial<Pick<BuildFlags, "template" | "input">>;

function toFlags(given: GivenFlags, table: string | undefined): BuildFlags {
  const { template, input = table } = given;
  if (input === undefined) {
    throw wrongUsage(
      "Nothing says which table to read.",
      "Name it: openbatch build rows.csv --template FILE --output FILE.",
    );
  }
  if (table !== undefined && table !== input) {
    throw wrongUsage("Two tables are named.", "Name one: as the argument, or with --input.");
  }
  if (template === undefined) {
    throw wrongUsage(
      "Nothing says what to make of the rows.",
      "Name a template: --template FILE; openbatch init writes one to start from.",
    );
  }
  return { ...given, template, input };
}

function assertFlags({ output, dryRun, json, overwrite, append, images }: BuildFlags): void {
  if (images !== undefined) assertFolder(images);
  if (dryRun) return;
  if (output === undefined) {
    throw wrongUsage(
      "Nothing says where to write.",
      "Name the batch file with --output, or look first with --dry-run.",
    );
  }
  if (output === "-" && json) {
    throw wrongUsage("--json and --output - both want standard output.", "Write the batch file to a path.");
  }
  if (output === "-" && (overwrite || append)) {
    throw wrongUsage(
      "Standard output is neither overwritten nor appended to.",
      "Leave out --overwrite and --append.",
    );
  }
  if (output.toLowerCase().endsWith(".gz")) {
    throw wrongUsage("A batch file is not compressed.", "Give the output a name that ends in .jsonl.");
  }
}

function assertFolder(path: string): void {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    throw toFileError(cause, "open the folder of images", path);
  }
  if (stats.isDirectory()) return;
  throw new OpenbatchError("not_a_folder", `${path} is no folder.`, {
    hint: "Name the folder of the images: --images.",
  });
}
