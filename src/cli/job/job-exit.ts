import type { JobSummary } from "../../job.js";
import { ExitCode } from "../frame/exit-code.js";

/** How a command ends that leaves a job where it stands: what is under way is no failure. */
export function toExitUnderWay(summary: JobSummary): ExitCode {
  return summary.atService + summary.waiting > 0 ? ExitCode.done : toExitAtEnd(summary);
}

export function toExitAtEnd({ failed, left, rejected, gone }: JobSummary): ExitCode {
  if (rejected.length + gone.length > 0) return ExitCode.stopped;
  return failed + left > 0 ? ExitCode.findings : ExitCode.done;
}
