export {
  type ClusterOptions,
  type ClusterServer,
  type ClusterServerOptions,
  type Migration,
  migrate,
  serveCluster,
} from "./cluster/index.js";
export type { CallerKey, ServerEvent } from "./serve/index.js";
