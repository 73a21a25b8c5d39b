export { type Migration, migrate } from "./database/migrate.js";
export {
  type ClusterOptions,
  type ClusterServer,
  type ClusterServerOptions,
  serveCluster,
} from "./serve-cluster.js";
