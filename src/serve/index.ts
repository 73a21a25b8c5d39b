export { ApiError } from "./api-error.js";
export type { BatchObject, BatchStatus } from "./batch-record.js";
export type { BatchServer } from "./batch-server.js";
export type { Clock } from "./clock.js";
export { openBatchServer } from "./open-batch-server.js";
export { serveBatchApi } from "./serve-batch-api.js";
export type { BatchEvent, RequestEvent, ServerEvent, TroubleEvent, WaitingEvent } from "./server-event.js";
export type { BatchServerOptions, UpstreamServer } from "./server-options.js";
export type { ReadBatch, ServerScript } from "./server-script.js";
