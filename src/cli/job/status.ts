import type { Command } from "commander";
import { OpenbatchError, toPlainLines, toPlainText } from "../../errors/index.js";
import { type Job, type JobSummary, listJobs, openJob } from "../../job.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode, toExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { toErrorFields } from "../frame/report-error.js";
import { sayOut } from "../frame/say.js";
import { wrongUsage } from "../frame/wrong-usage.js";
import { explainJob } from "./explain-job.js";
import { toExitUnderWay } from "./job-exit.js";
import { addJobOptions, type JobFlags, toJobServerOptions } from "./job-flags.js";

interface StatusFlags extends JobFlags {
  readonly explain?: true;
}

export function define(command: Command): void {
  addJobOptions(command, "[files...]")
    .option("--explain", "tell the story of one job: what happened to it, and when")
    .addHelpText("after", help);
}

const help = `
Looks once at each batch of a job, and changes nothing. Without a file, at every job whose results are in this folder. A key is
needed only for what is at a service now, and goes only to a service that you name, or that openbatch knows by its address.

Exit codes: 0 under way, or every request has a successful result; 1 some failed or have none; 2 it could not be asked;
3 the service found errors in a part, or did not answer.

Examples:
  openbatch status
  openbatch status requests.jsonl --base-url https://api.openai.com/v1
  openbatch status requests.jsonl --explain
  openbatch status january.jsonl february.jsonl --json`;

/** What is known of a job, and why the service was not asked, if it was not. */
interface Seen {
  readonly name: string;
  readonly summary?: JobSummary | undefined;
  readonly error?: OpenbatchError | undefined;
}

export async function run(command: Command, io: CommandIo): Promise<ExitCode> {
  const flags = command.opts<StatusFlags>();
  const files = command.args;
  const options = { ...toJobServerOptions(flags), signal: io.signal };
  if (flags.output !== undefined && files.length !== 1)
    throw wrongUsage("--output names the results of one batch file.", "Name that file, and no other.");
  const jobs = files.length > 0 ? files.map((each) => ({ file: each, job: each })) : await listJobs();
  if (flags.explain) {
    const [one, another] = jobs;
    if (one === undefined || another !== undefined)
      throw wrongUsage("--explain tells of one job.", "Name its batch file.");
    const { job: _, file, ...where } = one;
    return withJob(openJob(file, { ...options, ...where }), (job) => explainJob(job, flags, io));
  }
  const [file] = files;
  if (file !== undefined && files.length === 1)
    return withJob(openJob(file, options), async (job) => print({ summary: await job.status(), flags, io }));
  const seen: Seen[] = [];
  for (const { job, file: each, ...where } of jobs)
    seen.push(await withJob(openJob(each, { ...options, ...where }), look).catch(toUnseen(job)));
  return printAll(seen, { flags, io });
}

async function withJob<Done>(opening: Promise<Job>, use: (job: Job) => Promise<Done>): Promise<Done> {
  const job = await opening;
  try {
    return await use(job);
  } finally {
    await job.close();
  }
}

/** One job that cannot be asked for does not keep the others from being shown. */
async function look(job: Job): Promise<Seen> {
  try {
    return { name: job.file, summary: await job.status() };
  } catch (error) {
    if (!(error instanceof OpenbatchError) || error.code === "interrupted") throw error;
    return { name: job.file, summary: await job.status({ asks: false }), error };
  }
}

function toUnseen(name: string): (error: unknown) => Seen {
  return (error) => {
    if (!(error instanceof OpenbatchError) || error.code === "interrupted") throw error;
    return { name, error };
  };
}

interface PrintOptions {
  readonly flags: StatusFlags;
  readonly io: CommandIo;
}

function print({ summary, flags, io }: PrintOptions & { readonly summary: JobSummary }): ExitCode {
  if (flags.json) io.writeOut(`${toJsonText(summary, 2)}\n`);
  else sayOut(io, `${toText({ name: summary.batchFile, summary })}\n`);
  return toExitUnderWay(summary);
}

function printAll(seen: readonly Seen[], { flags, io }: PrintOptions): ExitCode {
  if (flags.json) io.writeOut(`${toJsonText({ jobs: seen.map(toJson) }, 2)}\n`);
  else if (seen.length === 0)
    io.writeOut("There is no job whose results are in this folder.\nNext: openbatch submit FILE\n");
  else sayOut(io, `${seen.map(toText).join("\n\n")}\n`);
  return seen.map(toExit).reduce((worst, exit) => (exit > worst ? exit : worst), ExitCode.done);
}

function toText({ name, summary, error }: Seen): string {
  const isUnderWay = summary !== undefined && summary.atService + summary.waiting > 0;
  const { message, hint } = error === undefined ? { message: "", hint: "" } : toErrorFields(error);
  const why = `${toPlainLines(message)}\n    ${toPlainLines(hint)}`;
  return [
    ...(summary === undefined ? [`${toPlainText(name)}: ${why}`] : [`${summary}`]),
    ...(summary !== undefined && error !== undefined ? [`    by its record alone: ${why}`] : []),
    ...(isUnderWay ? [`Next: ${toPlainText(summary.commands.submit)}`] : []),
  ].join("\n");
}

function toJson({ name, summary, error }: Seen): object {
  return {
    ...(summary ?? { job: name }),
    ...(error === undefined ? {} : { error: toErrorFields(error) }),
  };
}

function toExit({ summary, error }: Seen): ExitCode {
  if (error !== undefined) return toExitCode(error.code);
  return summary === undefined ? ExitCode.done : toExitUnderWay(summary);
}
