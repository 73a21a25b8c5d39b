import { OpenbatchError } from "../../errors/index.js";
import type { JobSummary } from "./job-summary.js";

/** Thrown when a job ends before each request has its result. Nothing is lost: the same call goes on from there. */
export class JobStoppedError extends OpenbatchError {
  override readonly name = "JobStoppedError";
  /** Where it stands. */
  readonly summary: JobSummary;

  constructor({ code, message, hint, cause }: OpenbatchError, summary: JobSummary) {
    super(code, message, { hint, cause });
    this.summary = summary;
  }
}
