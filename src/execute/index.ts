export { readRunRecord } from "./record/read-run-record.js";
export type { RecordedBatchFile, RecordedRun, RunRecord } from "./record/run-record.js";
export { executeBatchFile } from "./run/execute-batch-file.js";
export type { ExecuteBatchFileOptions } from "./run/execute-options.js";
export type { FailureCount } from "./run/failure-counts.js";
export type { Latencies } from "./run/latencies.js";
export { type RunBatchFileOptions, runBatchFile } from "./run/run-batch-file.js";
export type { ReadingEvent, RunEvent, StartEvent, UnderWayEvent } from "./run/run-event.js";
export { RunStoppedError } from "./run/run-stopped-error.js";
export { type RunDescription, RunSummary, type RunSummaryFields } from "./run/run-summary.js";
export type { RunCounts } from "./run/run-tally.js";
export { settlePending } from "./run/settle-pending.js";
export type { SettledRequest } from "./run/settled-request.js";
export type { Answered, Lane, LaneRequest, Outcome, Withheld } from "./upstream/lane.js";
export type { Pause } from "./upstream/pauses.js";
export { RehearsalTransport } from "./upstream/rehearsal-transport.js";

export { Upstream } from "./upstream/upstream.js";
export type { UpstreamEvent } from "./upstream/upstream-event.js";
