export {
  type ClusterOptions,
  type ClusterServer,
  type ClusterServerOptions,
  type Migration,
  migrate,
  type PacedWorker,
  type RunningWorker,
  readWorkersOf,
  type SeenWorker,
  type SeenWorkers,
  serveCluster,
  startWorker,
  type UnservedModel,
  type UpstreamReport,
  type WorkerOptions,
  type WorkerUpstreamSettings,
} from "./cluster/index.js";
export type { RehearsalOptions } from "./rehearse/index.js";
export type { CallerKey, ServerEvent, UpstreamServer } from "./serve/index.js";
