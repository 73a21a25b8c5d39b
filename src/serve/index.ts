export type { BatchServer } from "./batch-server.js";
export { openBatchServer } from "./open-batch-server.js";
export { ApiError } from "./protocol/api-error.js";
export type { BatchServerOptions, UpstreamServer } from "./protocol/server-options.js";
export type { ReadBatch, ServerScript } from "./protocol/server-script.js";
export { serveBatchApi } from "./serve-batch-api.js";
export type { Clock } from "./store/clock.js";
export type {
  BatchEvent,
  RequestEvent,
  ServerEvent,
  TroubleEvent,
  WaitingEvent,
} from "./store/server-event.js";
