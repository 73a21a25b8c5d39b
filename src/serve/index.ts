export type { BatchServer } from "./batch-server.js";
export { closeOnce } from "./close-once.js";
export type { BatchDriver } from "./life/batch-driver.js";
export { BatchProgress } from "./life/batch-progress.js";
export type { BatchServices } from "./life/batch-services.js";
export { type BatchStep, type BatchSteps, batchSteps } from "./life/batch-steps.js";
export type { BatchUnderWay } from "./life/batch-under-way.js";
export { endOfBatch } from "./life/end-of-batch.js";
export { hasLostInput, inputLost, toFinalCause } from "./life/final-cause.js";
export { InputValidator } from "./life/input-validator.js";
export { Patience } from "./life/patience.js";
export { tallyResults } from "./life/tally-results.js";
export { toCancelling } from "./life/to-cancelling.js";
export { openBatchServer } from "./open-batch-server.js";
export { hasRows } from "./page/has-rows.js";
export { PageEntry } from "./page/page-entry.js";
export { toHostname, toPageLink } from "./page/page-link.js";
export type {
  HeldFiles,
  KeptBatch,
  KeptFile,
  LocalFile,
  Machines,
  Newest,
  PageStore,
} from "./page/page-store.js";
export { pageSecretName, readPageToken } from "./page/page-token.js";
export { retryMark } from "./page/retry-mark.js";
export { createAnswering, toPauseEvent, type UpstreamStanding } from "./protocol/answering.js";
export { ApiError, toErrorBody } from "./protocol/api-error.js";
export type { Caller, CallerKey } from "./protocol/callers.js";
export type { ServerLayer } from "./protocol/server-context.js";
export {
  answeringRules,
  assertNestedOptions,
  type BatchServerOptions,
  serverRules,
  servingRules,
  type UpstreamServer,
  upstreamRules,
  type WatchAddress,
} from "./protocol/server-options.js";
export { serveBatchApi } from "./serve-batch-api.js";
export { serveRoutes } from "./serve-routes.js";
export { type ServedWatch, serveWatch } from "./serve-watch.js";
export { type BatchChange, toFailure, withChange } from "./store/batch-change.js";
export type { BatchParameters, BatchRecord } from "./store/batch-record.js";
export type { BatchSlice, BatchStore } from "./store/batch-store.js";
export type { Clock } from "./store/clock.js";
export type { FileRecord } from "./store/file-record.js";
export type { FileContent, FileSlice, FileStore, NewFile } from "./store/file-store.js";
export { FolderStorage } from "./store/folder-storage.js";
export { toNewBatch } from "./store/new-batch.js";
export { createBatchId, createFileId } from "./store/object-id.js";
export {
  type BatchEvent,
  type IgnoredEvent,
  type PausedEvent,
  type RangeEvent,
  type RangeState,
  type RequestEvent,
  type ServerEvent,
  type TroubleEvent,
  toBatchEvent,
  type WaitingEvent,
} from "./store/server-event.js";
export type { LogLevel, ServerLogLine, ServerStep } from "./store/server-log-line.js";
export type { ByteSpan, PutOptions, Storage } from "./store/storage.js";
export { assertNoneBegunOtherwise } from "./unfinished-batches.js";
export { type BatchBacklog, toBacklogMetrics } from "./watch/batch-metrics.js";
export type { Metric } from "./watch/metric.js";
export { Watch } from "./watch/watch.js";
