export {
  type ExecuteBatchFileOptions,
  executeBatchFile,
  type ReadingEvent,
  type RecordedBatchFile,
  type RecordedRun,
  type RunCounts,
  type RunDescription,
  type RunEvent,
  type RunningProcess,
  type RunRecord,
  RunStoppedError,
  RunSummary,
  type RunSummaryFields,
  readRunRecord,
  type StartEvent,
  type UpstreamEvent,
} from "./execute/index.js";
export type { RehearsalFault, RehearsalFaultKind, RehearsalOptions } from "./rehearse/index.js";
