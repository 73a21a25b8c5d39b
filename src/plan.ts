export type { ReadingProgress } from "./batch-file/index.js";
export {
  type BatchPlan,
  type PlanBatchFileOptions,
  type PlannedPart,
  planBatchFile,
  type UnplacedRequest,
} from "./plan/index.js";
