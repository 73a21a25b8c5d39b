export type { BatchServer } from "./batch-server.js";
export type { BatchServices } from "./life/batch-services.js";
export { type BatchStep, type BatchSteps, batchSteps } from "./life/batch-steps.js";
export type { BatchUnderWay } from "./life/batch-under-way.js";
export { openBatchServer } from "./open-batch-server.js";
export { ApiError, toErrorBody } from "./protocol/api-error.js";
export type { ServerLayer } from "./protocol/server-context.js";
export type { BatchServerOptions, UpstreamServer } from "./protocol/server-options.js";
export { serveBatchApi } from "./serve-batch-api.js";
export { toFailure } from "./store/batch-change.js";
export type { Clock } from "./store/clock.js";
export type {
  BatchEvent,
  IgnoredEvent,
  RequestEvent,
  ServerEvent,
  TroubleEvent,
  WaitingEvent,
} from "./store/server-event.js";
