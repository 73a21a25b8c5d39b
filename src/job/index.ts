export type { CanaryReport } from "./canary-report.js";
export { Job, type JobWaitOptions } from "./job.js";
export type { JobCommands } from "./job-commands.js";
export type { JobEvent, JobPart } from "./job-event.js";
export type { JobServerOptions, SubmitBatchFileOptions } from "./job-options.js";
export { JobStoppedError } from "./job-stopped-error.js";
export type { JobStoryEvent } from "./job-story.js";
export {
  JobSummary,
  type JobSummaryFields,
  type RejectedLine,
  type SaidFailure,
  toPartText,
} from "./job-summary.js";
export { type ListedJob, listJobs } from "./list-jobs.js";
export { openJob } from "./open-job.js";
export { submitBatchFile } from "./submit-batch-file.js";
