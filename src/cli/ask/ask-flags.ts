import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { OpenbatchError } from "../../errors/index.js";
import { toWritableFormat } from "../../index.js";
import type { TokenPrice } from "../../plan.js";
import {
  collectNames,
  collectValues,
  toAmount,
  toCountFromOne,
  toTokenPrice,
} from "../frame/option-values.js";
import { addPaceOptions, type PaceFlags } from "../frame/pace-flags.js";
import { addKeyedServerOptions, type KeyedServerFlags } from "../frame/server-flags.js";
import { addTableOptions, type TableFlags } from "../frame/table-flags.js";
import { wrongUsage } from "../frame/wrong-usage.js";

/** The options of `openbatch ask`, as they were understood. */
export interface AskFlags extends TableFlags, KeyedServerFlags, PaceFlags {
  readonly labels?: readonly string[];
  readonly number?: true;
  readonly fields?: readonly string[];
  readonly schema?: string;
  readonly model?: string;
  readonly rehearse?: true;
  readonly batch?: true;
  readonly yes?: true;
  readonly maxCost?: number;
  readonly price?: TokenPrice;
  readonly maxTokens: number;
  readonly name?: string;
  readonly output?: string;
  readonly keepFormulas?: true;
  readonly save?: true;
  readonly limit?: number;
  readonly force?: true;
  readonly retryFailed?: true;
  readonly retryProblems?: true;
  readonly json?: true;
}

/** So long an answer may be, with what a model thinks before it. */
const defaultMaxTokens = 2_000;

export function addAskOptions(command: Command): void {
  command
    .argument("<table>", "the table: CSV, TSV, JSON, JSON Lines, Parquet or .xlsx")
    .argument("<question>", 'what to ask about each row, with its columns: "Is this friendly? {Review Text}"')
    .option("--labels <labels>", "answer with one of these, separated by commas: yes,no", collectNames)
    .option("--number", "answer with a number")
    .option(
      "--fields <fields>",
      'answer with these: "topic, people[], when?" ([]: a list; ?: may be absent)',
      collectValues,
    )
    .option("--schema <file>", "answer with what fits this JSON Schema")
    .option("-m, --model <name>", "the model to ask (default: that of openbatch.yaml)");
  addKeyedServerOptions(command)
    .option("--save", "write model and server to openbatch.yaml, for the next time in this folder")
    .option("--rehearse", "make the answers up: no server, no model, no key")
    .option("--batch", "through the Batch API of the service: half the price, up to 24 hours")
    .option("-y, --yes", "send without asking first")
    .option(
      "--max-cost <dollars>",
      "send nothing that may make it cost more, with the longest answers and what was sent before",
      toAmount,
    )
    .option("--price <in,out>", "US dollars for a million tokens, where no price is known", toTokenPrice)
    .option("--max-tokens <count>", "how long an answer may be", toCountFromOne, defaultMaxTokens)
    .option("--name <name>", "a name for this question, where others are asked of the same table")
    .option("-o, --output <file>", "the table with the answers (default: reviews.csv → reviews.answers.csv)")
    .option("--keep-formulas", "leave cells of CSV and TSV that a spreadsheet would run as they are")
    .option(
      "--limit <count>",
      "ask about the first rows alone; the same command without it goes on",
      toCountFromOne,
    )
    .option("--force", "go on although the server is at another address than before")
    .option("--retry-failed", "ask again where the result is a failure")
    .option("--retry-problems", "ask again where the answer is refused, cut off or does not fit");
  addPaceOptions(command).option("--json", "print one JSON object instead of text");
  addTableOptions(command).addHelpText("after", help);
}

const help = `
Shows three of the prompts, how many rows there are, their tokens and price, and asks before it sends. The answers stand beside
the rows, in reviews.answers.csv or the file that --output names; all that is in between lies in the folder reviews.openbatch.
The same command again goes on: only rows that are new or were changed are asked about.

Exit codes: 0 every row has its answer, 1 some have none, 2 nothing was sent, 3 stopped by what would fail every request,
130 interrupted.

Examples:
  openbatch ask reviews.csv "Is this review friendly? {Review Text}" --labels yes,no --rehearse
  openbatch ask reviews.xlsx "How many stars, 1 to 5? {Review Text}" --number --model llama3.2 --base-url http://localhost:11434/v1
  openbatch ask mails.parquet "What is it about? {Body}" --fields "topic, people[], when?" --max-cost 5 --batch
  openbatch ask reviews.csv "Translate into Dutch: {Review Text}" --name dutch`;

/** Refuses what cannot be meant together, before anything is read. */
export function assertAskFlags(table: string, flags: AskFlags): void {
  if (table === "-")
    throw wrongUsage(
      "The table of openbatch ask is a file: the answers are written beside it.",
      "Name a file.",
    );
  const kinds = (["labels", "number", "fields", "schema"] as const).filter(
    (kind) => flags[kind] !== undefined,
  );
  if (kinds.length > 1) {
    const named = kinds.map((kind) => `--${kind}`).join(" and ");
    throw wrongUsage(
      `${named} ask for different answers.`,
      "Give one of them. For a label beside other fields, give a JSON Schema with an enum: --schema FILE.",
    );
  }
  if (flags.rehearse && flags.batch)
    throw wrongUsage(
      "--batch takes the Batch API of a service, and --rehearse none.",
      "Give one of the two. openbatch serve --rehearse serves a Batch API that makes answers up.",
    );
  if (flags.batch && (flags.retryProblems || flags.limit !== undefined)) {
    const flag = flags.retryProblems ? "--retry-problems" : "--limit";
    throw wrongUsage(`${flag} asks one by one, and --batch does not.`, "Give one of the two.");
  }
  if (flags.output !== undefined) assertOutput(flags.output);
  if (flags.name !== undefined && !/^[\p{L}\p{N}_-]{1,60}$/u.test(flags.name))
    throw wrongUsage(
      "--name is a part of file names: letters, digits, - and _.",
      "Give a short name, as in --name dutch.",
    );
}

/** What cannot be written is said before anybody is asked. */
function assertOutput(output: string): void {
  if (output === "-")
    throw wrongUsage("The answers of openbatch ask go to a file.", "Name one: --output answers.csv.");
  try {
    toWritableFormat(output);
  } catch (error) {
    if (!(error instanceof OpenbatchError)) throw error;
    const hint = "Let the name end in .csv, .tsv, .jsonl, .parquet or .xlsx.";
    throw new OpenbatchError(error.code, error.message, { cause: error, hint });
  }
  const folder = dirname(output);
  if (!existsSync(folder))
    throw wrongUsage(`There is no folder ${folder} for the answers.`, "Make it, or name another file.");
}
