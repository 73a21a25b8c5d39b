export type { Answered, Lane, LaneRequest, Outcome, Unanswered, Withheld } from "./lane.js";
export { type BatchFileRun, type RunBatchFileOptions, type RunEnd, runBatchFile } from "./run-batch-file.js";
export { RunLock } from "./run-lock.js";
export type { RunCounts } from "./run-tally.js";
export type { ResultsPaths } from "./scan-results.js";
export type { Selection } from "./select-lines.js";
export type { SettledRequest } from "./send-requests.js";
export { type SettlePendingOptions, settlePending } from "./settle-pending.js";
export {
  type OutgoingRequest,
  type Transport,
  type TransportAnswer,
  TransportFailure,
  type TransportFailureKind,
} from "./transport.js";
