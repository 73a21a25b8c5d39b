export type { ClusterOptions } from "./cluster-options.js";
export { type Migration, migrate } from "./database/migrate.js";
export type { UnservedModel, UpstreamReport } from "./database/upstreams-table.js";
export type { SeenWorker } from "./database/workers-table.js";
export { readWorkersOf, type SeenWorkers } from "./read-workers-of.js";
export {
  type ClusterServer,
  type ClusterServerOptions,
  serveCluster,
} from "./serve-cluster.js";
export {
  type RunningWorker,
  startWorker,
  type WorkerOptions,
  type WorkerUpstreamSettings,
} from "./start-worker.js";
