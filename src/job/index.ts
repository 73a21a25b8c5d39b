export { checkSetup } from "./check-setup.js";
export { findRequestParts } from "./find-request-parts.js";
export { Job, type JobWaitOptions } from "./job.js";
export type { JobStoryEvent } from "./job-story.js";
export { type ListedJob, listJobs } from "./list-jobs.js";
export { openJob } from "./open-job.js";
export type { CanaryReport } from "./report/canary-report.js";
export type { JobCommands } from "./report/job-commands.js";
export type { JobEvent, JobPart } from "./report/job-event.js";
export type { JobServerOptions, SubmitBatchFileOptions } from "./report/job-options.js";
export { JobStoppedError } from "./report/job-stopped-error.js";
export {
  JobSummary,
  type JobSummaryFields,
  type RejectedLine,
  type SaidFailure,
  toPartText,
} from "./report/job-summary.js";
export { type JobCosts, readJobCosts } from "./report/read-job-costs.js";
export { type JobFiles, readJobParts } from "./report/read-job-parts.js";
export { type RepairKind, repairKinds } from "./report/repair-kind.js";
export type { SetupItem, SetupName, SetupReport } from "./report/setup-report.js";
export { submitBatchFile } from "./submit-batch-file.js";
