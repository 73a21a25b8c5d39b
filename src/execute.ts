export {
  type ExecuteBatchFileOptions,
  executeBatchFile,
  type FailureCount,
  type Latencies,
  type Pause,
  type ReadingEvent,
  type RecordedBatchFile,
  type RecordedRun,
  type RunCounts,
  type RunDescription,
  type RunEvent,
  type RunRecord,
  RunStoppedError,
  RunSummary,
  type RunSummaryFields,
  readRunRecord,
  type StartEvent,
  type UnderWayEvent,
  type UpstreamEvent,
} from "./execute/index.js";
export {
  isRehearsalFile,
  type RunFiles,
  type RunningProcess,
  toRecordFile,
  toRunFiles,
} from "./files/index.js";
export type { RehearsalFault, RehearsalFaultKind, RehearsalOptions } from "./rehearse/index.js";
