export {
  type ClusterOptions,
  type ClusterServer,
  type ClusterServerOptions,
  listWorkersOf,
  type Migration,
  migrate,
  type RunningWorker,
  type SeenWorker,
  serveCluster,
  startWorker,
  type UpstreamReport,
  type WorkerOptions,
  type WorkerUpstreamSettings,
} from "./cluster/index.js";
export type { RehearsalOptions } from "./rehearse/index.js";
export type { CallerKey, ServerEvent, UpstreamServer } from "./serve/index.js";
