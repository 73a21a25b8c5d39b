import type { Command } from "commander";
import { openJob } from "../../job.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { sayOut } from "../frame/say.js";
import { addJobOptions, type JobFlags, toJobServerOptions } from "./job-flags.js";

export function define(command: Command): void {
  addJobOptions(command).addHelpText(
    "after",
    `
Cancels every batch of the job. What was answered by then is paid, and is collected by the next openbatch submit.

Examples:
  openbatch cancel requests.jsonl --base-url https://api.openai.com/v1
  openbatch cancel requests.jsonl --base-url http://127.0.0.1:4040/v1 --json`,
  );
}

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<JobFlags>();
  const [file = ""] = command.args;
  const job = await openJob(file, { ...toJobServerOptions(flags), signal: io.signal });
  try {
    const cancelled = await job.cancel();
    if (flags.json) io.writeOut(`${toJsonText({ cancelled }, 2)}\n`);
    else
      sayOut(
        io,
        cancelled.length === 0
          ? "Nothing of the job is at the service.\n"
          : toText(cancelled, job.commands.submit),
      );
    return ExitCode.done;
  } finally {
    await job.close();
  }
}

function toText(cancelled: readonly string[], submit: string): string {
  return `Cancelled: ${cancelled.join(", ")}\nNext: ${submit}\n`;
}
