import type { Command } from "commander";
import { openJob } from "../../job.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { addJobOptions, type JobFlags, toJobServerOptions } from "./job-flags.js";

export function define(command: Command): void {
  addJobOptions(command).addHelpText(
    "after",
    `
Looks once at each batch of the job, and changes nothing.

Examples:
  openbatch status requests.jsonl --base-url https://api.openai.com/v1
  openbatch status requests.jsonl --base-url http://127.0.0.1:4040/v1 --json`,
  );
}

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<JobFlags>();
  const [file = ""] = command.args;
  const job = await openJob(file, { ...toJobServerOptions(flags), signal: io.signal });
  try {
    const summary = await job.status();
    io.writeOut(flags.json ? `${toJsonText(summary, 2)}\n` : `${summary}\n`);
    return ExitCode.done;
  } finally {
    await job.close();
  }
}
