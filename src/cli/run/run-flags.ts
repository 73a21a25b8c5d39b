import type { Command } from "commander";
import { quoteArgument } from "../../errors/index.js";
import type { ExecuteBatchFileOptions } from "../../execute.js";
import { toCount, toCountFromOne } from "../frame/option-values.js";
import { addPaceOptions, type PaceFlags } from "../frame/pace-flags.js";
import { addRehearsalOptions, type RehearsalFlags, toRehearsal } from "../frame/rehearsal-flags.js";
import { addServerOptions, type ServerFlags, toNamedServer } from "../frame/server-flags.js";

/** The options of `openbatch run`, as they were understood. */
export interface RunFlags extends PaceFlags, ServerFlags, RehearsalFlags {
  readonly model?: string;
  readonly output?: string;
  readonly limit?: number;
  readonly sample?: number;
  readonly memoryInFlight?: number;
  readonly maxRetries?: number;
  readonly retryFailed?: true;
  readonly retryProblems?: true;
  readonly force?: true;
  readonly json?: true;
}

export function addRunOptions(command: Command): void {
  addServerOptions(command.argument("<file>", "the batch file; gzip is decompressed"))
    .option("-m, --model <name>", "send every request to this model, in place of its own")
    .option("-o, --output <file>", "the results file (default: requests.jsonl → requests.results.jsonl)")
    .option("--limit <count>", "send only the first requests of the file", toCountFromOne)
    .option("--sample <count>", "send only so many requests, from all over the file", toCountFromOne);
  command.option(
    "--memory-in-flight <megabytes>",
    "for the bodies of what is under way (default: a sixteenth of the memory)",
    toCountFromOne,
  );
  addPaceOptions(command)
    .option(
      "--max-retries <count>",
      "how often a request is sent again where that may help (default: 5)",
      toCount,
    )
    .option("--retry-failed", "send the requests again whose result is a failure")
    .option("--retry-problems", "send the requests again whose answer is refused, cut off or does not fit")
    .option("--force", "go on although the batch file, the server or the model is another one than before")
    .option("--json", "print one JSON object instead of text");
  addRehearsalOptions(command, "; the results go to requests.rehearsal.jsonl").addHelpText("after", help);
}

const help = `
The same command again goes on where it stopped: what has a result is not sent again.
Ctrl-C stops in good order, and waits for what is under way for up to 30 seconds; a second Ctrl-C ends at once.

Faults of a rehearsal: KIND:SHARE or KIND:CUSTOM_ID, where KIND is 400, 401, 404, 429, 500, 503, timeout, cut, not_json,
refusal, truncation or slow; then :N for the seconds of 429 and the milliseconds of slow, and :xN for the first N attempts.

Exit codes: 0 every request has a successful result, 1 some failed, 2 wrong usage or a batch file that cannot be sent,
3 stopped by what would fail every request, 130 interrupted.

Examples:
  openbatch run requests.jsonl --rehearse
  openbatch run requests.jsonl --base-url http://localhost:11434/v1 --model llama3.2 --limit 10
  openbatch run requests.jsonl --base-url https://api.groq.com/openai/v1 --api-key-env GROQ_API_KEY
  openbatch run requests.jsonl --base-url http://localhost:8000/v1 --retry-failed`;

export function toExecuteOptions(flags: RunFlags): ExecuteBatchFileOptions {
  const { baseUrl, apiKeyEnv, header, timeout, memoryInFlight, ...rest } = flags;
  const { fault: _, checkRequests: __, json: ___, ...same } = rest;
  return {
    ...same,
    ...toNamedServer({ baseUrl, apiKeyEnv, header }),
    ...(memoryInFlight === undefined ? {} : { memoryInFlight: memoryInFlight * 1_000_000 }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...toRehearsal(flags),
  };
}

/** What need not be said again to go on: it was done, or the record knows it. */
const saidOnce = ["retryFailed", "retryProblems", "force", "json"];

export interface CommandTextOptions {
  /** Whether what was to go wrong is to go wrong again. */
  readonly withFaults: boolean;
}

/** The command that goes on, with {@link headerValue} in the place of what is secret. */
export function toCommandText(command: Command, { withFaults }: CommandTextOptions): string {
  const left = new Set(withFaults ? saidOnce : [...saidOnce, "fault"]);
  const words = ["openbatch", "run", ...command.args.map(quoteArgument)];
  for (const option of command.options) {
    const name = option.attributeName();
    if (left.has(name) || command.getOptionValueSource(name) !== "cli") continue;
    for (const value of [command.getOptionValue(name)].flat()) words.push(...toWords(option.long, value));
  }
  return words.join(" ");
}

/** Stands for the value of a header in a command that is shown. */
export const headerValue = "VALUE";

/** Some services take their key in the query, where a version is none; a name with a password is one too. */
export function withoutSecrets(url: string): string {
  const named = url.replace(/\/\/[^/?#]*@/, `//${headerValue}@`);
  return named.replaceAll(/([?&](?![^=&#]*version)[^=&#]*=)[^&#]*/gi, `$1${headerValue}`);
}

function toWords(flag = "", value: unknown): string[] {
  if (typeof value === "boolean") return [flag];
  if (flag === "--header") return [flag, quoteArgument(`${value}`.replace(/:.*$/s, `: ${headerValue}`))];
  return [flag, quoteArgument(flag === "--base-url" ? withoutSecrets(`${value}`) : `${value}`)];
}
