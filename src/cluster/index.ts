export type { ClusterOptions } from "./cluster-options.js";
export type { ClusterServerOptions } from "./cluster-server-options.js";
export { type Migration, migrate } from "./database/migrate.js";
export type { UnservedModel, UpstreamReport } from "./database/upstreams-table.js";
export type { SeenWorker } from "./database/workers-table.js";
export { type PacedWorker, readWorkersOf, type SeenWorkers } from "./read-workers-of.js";
export { type ClusterServer, serveCluster } from "./serve-cluster.js";
export { type RunningWorker, startWorker } from "./start-worker.js";
export type { WorkerOptions, WorkerUpstreamSettings } from "./worker-options.js";
