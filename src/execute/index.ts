export { executeBatchFile } from "./execute-batch-file.js";
export type { ExecuteBatchFileOptions } from "./execute-options.js";
export { HttpTransport, type HttpTransportOptions } from "./http-transport.js";
export type { Answered, Lane, LaneRequest, Outcome, Unanswered, Withheld } from "./lane.js";
export { readRunRecord } from "./read-run-record.js";
export { RehearsalTransport, type RehearsalTransportOptions } from "./rehearsal-transport.js";
export { type ResolveServerOptions, resolveServer, type Server } from "./resolve-server.js";
export { type RunBatchFileOptions, runBatchFile } from "./run-batch-file.js";
export type { ReadingEvent, RunEvent, StartEvent } from "./run-event.js";
export { RunLock } from "./run-lock.js";
export type { RecordedBatchFile, RecordedRun, RunRecord } from "./run-record.js";
export { RunStoppedError } from "./run-stopped-error.js";
export { type RunDescription, RunSummary, type RunSummaryFields } from "./run-summary.js";
export type { RunCounts } from "./run-tally.js";
export type { SettledRequest } from "./send-requests.js";
export { settlePending } from "./settle-pending.js";
export {
  type OutgoingRequest,
  type Transport,
  type TransportAnswer,
  TransportFailure,
  type TransportFailureKind,
} from "./transport.js";
export { Upstream, type UpstreamCounts, type UpstreamOptions } from "./upstream.js";
export type { UpstreamEvent } from "./upstream-event.js";
