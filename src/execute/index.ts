export type { UpstreamMeter } from "./meter/upstream-meter.js";
export type { Latencies } from "./record/latencies.js";
export { type RecordedRequest, readRecordedRequest } from "./record/read-recorded-request.js";
export { readRunRecord } from "./record/read-run-record.js";
export { type RunMoment, RunMoments } from "./record/run-moments.js";
export type { RecordedBatchFile, RecordedRun, RunRecord } from "./record/run-record.js";
export { type Claim, ClaimedLines, writeClaims } from "./results-file/claims.js";
export { type Merged, mergeResults } from "./results-file/merge-results.js";
export { removeFailedLines } from "./results-file/remove-failed-lines.js";
export { type ResultsScan, scanResults } from "./results-file/scan-results.js";
export { executeBatchFile, executeMore } from "./run/execute-batch-file.js";
export type { ExecuteBatchFileOptions } from "./run/execute-options.js";
export { type FailureCount, FailureCounts, toFailureText } from "./run/failure-counts.js";
export { type RunBatchFileOptions, runBatchFile } from "./run/run-batch-file.js";
export type { ReadingEvent, RunEvent, StartEvent, UnderWayEvent } from "./run/run-event.js";
export { RunStoppedError } from "./run/run-stopped-error.js";
export { type RunDescription, RunSummary, type RunSummaryFields } from "./run/run-summary.js";
export type { RunCounts } from "./run/run-tally.js";
export { settlePending } from "./run/settle-pending.js";
export type { SettledRequest } from "./run/settled-request.js";
export {
  type Answered,
  type Lane,
  type LaneRequest,
  type Outcome,
  type Withheld,
  WrappedLane,
} from "./upstream/lane.js";
export type { Pause } from "./upstream/pauses.js";
export type { Rate } from "./upstream/rate-limit.js";
export { RehearsalTransport } from "./upstream/rehearsal-transport.js";
export { maxWaitMs } from "./upstream/to-cause-error.js";
export { Upstream } from "./upstream/upstream.js";
export type { UpstreamEvent } from "./upstream/upstream-event.js";
