import type { Command } from "commander";
import { quoteArgument } from "../../errors/index.js";
import type { ProfileName } from "../../index.js";
import { type BatchPlan, planBatchFile, type TokenPrice } from "../../plan.js";
import { assertNoTable } from "../frame/assert-no-table.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { addModelOptions, type ModelFlags, toModelOptions, toModelWords } from "../frame/model-flags.js";
import { toAmount, toCount, toCountFromOne, toTokenPrice } from "../frame/option-values.js";
import { createProgress } from "../frame/progress.js";
import { toJsonText } from "../frame/quoting.js";
import { sayOut } from "../frame/say.js";

interface PlanFlags extends ModelFlags {
  /** What is no name of a service is refused with the nearest. */
  readonly provider?: ProfileName;
  readonly baseUrl?: string;
  readonly maxRequests?: number;
  readonly maxBytes?: number;
  readonly maxTokens?: number;
  readonly tokens: boolean;
  readonly exact?: true;
  readonly outputShare?: number;
  readonly workers?: number;
  readonly price?: TokenPrice;
  readonly maxCost?: number;
  readonly to?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

export function define(command: Command): void {
  const service = command
    .argument("<file>", "the batch file; gzip is decompressed")
    .option("--provider <name>", "the service: openai (default), azure, groq, …: docs/providers.md")
    .option("--base-url <url>", "where the service is, which tells which one it is");
  addModelOptions(service)
    .option("--max-requests <n>", "requests in one part, below the limit of the service", toCountFromOne)
    .option("--max-bytes <n>", "bytes of one part, below the limit of the service", toCountFromOne)
    .option(
      "--max-tokens <n>",
      "tokens of one part, as may wait in the queue of your account",
      toCountFromOne,
    )
    .option("--no-tokens", "count no tokens, which is faster, and tell no price")
    .option("--exact", "count all tokens, not a sample, in a file above 200 MB")
    .option(
      "--output-share <share>",
      "tell the price of answers of that share of their limits: 0.3",
      toAmount,
    )
    .option("--workers <n>", "threads to count with; by default the other cores, 3 at most", toCount)
    .option("--price <in,out>", "US dollars for a million tokens, where no price is known", toTokenPrice)
    .option("--max-cost <dollars>", "refuse batches that may cost more", toAmount)
    .option("--to <folder>", "write the parts there: NAME.part-1.jsonl and so on")
    .option("--overwrite", "replace parts that are there already")
    .option("--json", "print one JSON object instead of text")
    .addHelpText(
      "after",
      `
Nothing is sent, and no key is needed. Each part is within every limit of the service.

Exit codes: 0 done, 1 a request that no batch can hold, 2 a file that cannot be read, or is no batch
file, or over --max-cost.

Examples:
  openbatch plan requests.jsonl
  openbatch plan requests.jsonl --provider groq --to parts
  openbatch plan requests.jsonl --provider anthropic --map gpt-4o-mini=claude-haiku-4-5`,
    );
}

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<PlanFlags>();
  // Commander sees to it that the argument is there.
  const [file = ""] = command.args;
  assertNoTable(file);
  const plan = await planFile(file, flags, io);
  const next = toNextCommand(plan, flags);
  if (flags.json) io.writeOut(`${toJsonText({ ...plan, next }, 2)}\n`);
  else sayOut(io, toText(plan, next, flags));
  return plan.unplacedCount > 0 ? ExitCode.findings : ExitCode.done;
}

async function planFile(file: string, flags: PlanFlags, io: CommandIo): Promise<BatchPlan> {
  const progress = createProgress(io, { label: "Planning", paths: [file], unit: "MB", isRateWithUnit: true });
  const { provider, baseUrl: baseURL, price: tokenPrice, tokens, overwrite, json, map, ...others } = flags;
  try {
    return await planBatchFile(file, {
      ...(provider === undefined ? {} : { provider }),
      ...(baseURL === undefined ? {} : { baseURL }),
      ...(tokenPrice === undefined ? {} : { tokenPrice }),
      ...others,
      ...{ ...toModelOptions(flags), countTokens: tokens },
      ...{ overwrite: overwrite === true, signal: io.signal },
      onProgress: ({ bytes, totalBytes }) =>
        progress.update({ count: Math.round(bytes / 1_000_000), fraction: bytes / totalBytes }),
    });
  } finally {
    progress.finish();
  }
}

function toText(plan: BatchPlan, next: string | undefined, { to }: PlanFlags): string {
  const { parts, unplacedCount } = plan;
  const lines = [
    `${plan}`,
    ...(to !== undefined && unplacedCount > 0
      ? ["", "Nothing was written: mend or take out these requests."]
      : []),
    ...(to !== undefined && unplacedCount === 0
      ? ["", `Wrote ${parts.map(({ file = "" }) => file).join(", ")}.`]
      : []),
    ...(next === undefined ? [] : ["", `Next: ${next}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** What to do with a plan that can be carried out. */
function toNextCommand(
  { file, parts, provider, unplacedCount, warnings }: BatchPlan,
  { to, ...flags }: PlanFlags,
): string | undefined {
  // Lines of another shape than ours are for another tool than this one.
  if (unplacedCount > 0 || (to !== undefined && warnings !== undefined)) return undefined;
  if (to !== undefined) {
    const service = flags.provider === undefined ? "" : ` --for ${quoteArgument(flags.provider)}`;
    return `openbatch validate${service} ${parts.map((part) => quoteArgument(part.file ?? "")).join(" ")}`;
  }
  const server = flags.baseUrl === undefined ? "" : ` --base-url ${quoteArgument(flags.baseUrl)}`;
  const service = server === "" || flags.provider !== undefined ? ` --provider ${provider}` : "";
  return `openbatch submit ${quoteArgument(file)}${service}${server}${toModelWords(flags)}`;
}
