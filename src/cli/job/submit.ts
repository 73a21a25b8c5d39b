import { type Command, InvalidArgumentError } from "commander";
import { type OpenbatchError, quoteArgument } from "../../errors/index.js";
import { toRunFiles } from "../../execute.js";
import {
  type JobEvent,
  JobStoppedError,
  type JobSummary,
  type RepairKind,
  repairKinds,
  submitBatchFile,
} from "../../job.js";
import type { TokenPrice } from "../../plan.js";
import { assertNoTable } from "../frame/assert-no-table.js";
import type { CommandIo } from "../frame/command.js";
import type { ExitCode } from "../frame/exit-code.js";
import {
  toAmount,
  toCount,
  toCountFromOne,
  toSecondsAsked,
  toShare,
  toTokenPrice,
} from "../frame/option-values.js";
import { toJsonText } from "../frame/quoting.js";
import { reportError, toErrorFields } from "../frame/report-error.js";
import { sayOut } from "../frame/say.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { toExitAtEnd, toExitUnderWay } from "./job-exit.js";
import { addJobOptions, type JobFlags, toJobServerOptions } from "./job-flags.js";
import { JobProgress } from "./job-progress.js";
import { toJobStop, toStopExit } from "./job-stop.js";

interface SubmitFlags extends JobFlags {
  readonly wait: boolean;
  readonly rounds?: number;
  readonly retryFailed?: true;
  readonly enqueuedTokens?: number;
  readonly poll?: number;
  readonly keepRemoteFiles?: true;
  readonly maxCost?: number;
  readonly canary?: number;
  readonly finishBy?: string;
  readonly repair?: readonly RepairKind[];
  readonly yes?: true;
  readonly maxErrorRate?: number;
  readonly price?: TokenPrice;
  readonly adopt?: string;
}

export function define(command: Command): void {
  addJobOptions(command)
    .option("--no-wait", "submit what fits now, and return")
    .option(
      "--rounds <count>",
      "how often what fails for a reason that passes is sent again (default: 2)",
      toCount,
    )
    .option("--retry-failed", "send the requests again whose result is a failure")
    .option(
      "--enqueued-tokens <count>",
      "how many tokens the service takes at once of each model (default: its refusals tell)",
      toCountFromOne,
    )
    .option(
      "--poll <seconds>",
      "how often a batch is looked at (default: as gently as the service asks)",
      toSecondsAsked,
    )
    .option(
      "--max-cost <dollars>",
      "send nothing that makes the job cost more, with the longest answers",
      toAmount,
    )
    .option(
      "--canary <count>",
      "send so many requests first, from all over the file, and go on only if what comes back can be used",
      toCountFromOne,
    )
    .option(
      "--max-error-rate <percent>",
      "which share of the canary may fail or have a problem (default: 5)",
      toShare,
    )
    .option(
      "--repair <kinds>",
      "ask again for answers that are truncated (with a higher limit), invalid (with what is wrong), or both: truncated,invalid",
      toRepairs,
    )
    .option(
      "--finish-by <time>",
      "cancel what has no answer by then (6h, 90min, 2027-01-31T18:00), and send it one by one at the full price",
    )
    .option("--yes", "go on with --finish-by without --max-cost")
    .option("--price <in,out>", "US dollars for a million tokens, where no price is known", toTokenPrice)
    .option("--keep-remote-files", "leave the files of the job at the service")
    .option(
      "--adopt <batch>",
      "at Anthropic: which of several batches is the job's, after a kill; none: none of them is",
    )
    .addHelpText("after", help);
}

const help = `
Checks the file, cuts it into parts, uploads and submits them, watches, and collects the results. The same command again goes on
where it stopped, also after a kill: no batch is paid twice. Requests that were appended since are submitted too.
Ctrl-C leaves what is at the service there: it goes on. openbatch cancel FILE cancels it.

Exit codes: 0 every request has a successful result, or with --no-wait it is under way; 1 some failed; 2 nothing was sent;
3 stopped by what the service says, a sample that cannot be used, a cost or a batch that may be the job's; 130 interrupted.

Examples:
  openbatch submit requests.jsonl --base-url https://api.openai.com/v1
  openbatch submit requests.jsonl --base-url https://api.groq.com/openai/v1 --api-key-env GROQ_API_KEY
  openbatch submit requests.jsonl --provider openai --max-cost 5
  openbatch submit requests.jsonl --provider anthropic --map gpt-4o-mini=claude-haiku-4-5
  openbatch submit requests.jsonl --base-url http://127.0.0.1:4040/v1 --no-wait`;

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<SubmitFlags>();
  const [file = ""] = command.args;
  assertNoTable(file);
  if (flags.finishBy !== undefined && flags.maxCost === undefined && !flags.yes)
    throw wrongUsage(
      "--finish-by sends what is late at the full price, and nothing says how much that may be.",
      "Give a limit (--max-cost DOLLARS), or say --yes.",
    );
  const progress = new JobProgress(io);
  const onEvent = (event: JobEvent): void => progress.take(event);
  try {
    const summary = await submitBatchFile(file, { ...toSubmitOptions(flags), signal: io.signal, onEvent });
    progress.finish();
    print(summary, flags, io);
    return flags.wait ? toExitAtEnd(summary) : toExitUnderWay(summary);
  } catch (error) {
    progress.finish();
    if (!(error instanceof JobStoppedError)) throw error;
    const stop = toJobStop(error);
    print(error.summary, flags, io, stop);
    reportError(stop, io, { json: false });
    return toStopExit(error);
  }
}

function toSubmitOptions(flags: SubmitFlags) {
  const {
    wait,
    rounds,
    retryFailed,
    enqueuedTokens,
    poll,
    keepRemoteFiles,
    maxCost,
    price,
    adopt,
    canary,
    maxErrorRate,
    finishBy,
    repair,
  } = flags;
  return {
    ...toJobServerOptions(flags),
    wait,
    ...(rounds === undefined ? {} : { rounds }),
    ...(retryFailed === undefined ? {} : { retryFailed }),
    ...(enqueuedTokens === undefined ? {} : { enqueuedTokens }),
    ...(poll === undefined ? {} : { pollSeconds: poll }),
    ...(keepRemoteFiles === undefined ? {} : { keepRemoteFiles }),
    ...(maxCost === undefined ? {} : { maxCost }),
    ...(canary === undefined ? {} : { canary }),
    ...(finishBy === undefined ? {} : { finishBy }),
    ...(repair === undefined ? {} : { repair }),
    ...(maxErrorRate === undefined ? {} : { maxErrorRate }),
    ...(price === undefined ? {} : { tokenPrice: price }),
    ...(adopt === undefined ? {} : { adopt }),
  };
}

function toRepairs(value: string): readonly RepairKind[] {
  return value.split(",").map((name) => {
    const kind = repairKinds.find((each) => each === name.trim());
    if (kind === undefined) throw new InvalidArgumentError(`It must be of ${repairKinds.join(" and ")}.`);
    return kind;
  });
}

function print(summary: JobSummary, { json }: SubmitFlags, io: CommandIo, stop?: OpenbatchError): void {
  if (json) {
    const error = stop === undefined ? {} : { error: toErrorFields(stop) };
    return io.writeOut(`${toJsonText({ ...summary, ...error }, 2)}\n`);
  }
  sayOut(io, `${summary}\n`);
  if (summary.left + summary.atService === 0)
    sayOut(io, `Next: openbatch results ${quoteArgument(summary.batchFile)}${toResultsFlag(summary)}\n`);
}

function toResultsFlag({ batchFile, output }: JobSummary): string {
  return output === toRunFiles(batchFile).results ? "" : ` --results ${quoteArgument(output)}`;
}
