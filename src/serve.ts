export type { BatchStatus } from "./api/index.js";
export type {
  AnsweredRequest,
  OwnAnswer,
  RehearsalFault,
  RehearsalFaultKind,
  RehearsalOptions,
} from "./rehearse/index.js";
export {
  type BatchEvent,
  type BatchServer,
  type BatchServerOptions,
  type IgnoredEvent,
  type LogLevel,
  type PausedEvent,
  type RangeEvent,
  type RangeState,
  type RequestEvent,
  type ServerEvent,
  type ServerLogLine,
  type ServerStep,
  serveBatchApi,
  type TroubleEvent,
  type UpstreamServer,
  type WaitingEvent,
  type WatchAddress,
} from "./serve/index.js";
