import { toPlainText } from "../../errors/index.js";
import type { Job, JobStoryEvent } from "../../job.js";
import type { CommandIo } from "../frame/command.js";
import { ExitCode } from "../frame/exit-code.js";
import { toJsonText } from "../frame/quoting.js";
import { sayOut } from "../frame/say.js";
import type { JobFlags } from "./job-flags.js";

/** Tells what happened to a job. The service is not asked. */
export async function explainJob(job: Job, { json }: JobFlags, io: CommandIo): Promise<ExitCode> {
  if (json) {
    const story: JobStoryEvent[] = [];
    for await (const event of job.story()) story.push(event);
    io.writeOut(`${toJsonText({ batchFile: job.file, output: job.output, story }, 2)}\n`);
    return ExitCode.done;
  }
  sayOut(io, `${toPlainText(job.file)}: what happened to its job (times are UTC)\n`);
  for await (const { at, part, text } of job.story()) {
    const whose = part === undefined ? "the job" : `part ${part}`;
    sayOut(io, `${toPlainText(at.slice(0, 19)).replace("T", " ")}  ${whose}: ${text}\n`);
  }
  return ExitCode.done;
}
