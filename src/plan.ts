export type { ReadingProgress } from "./batch-file/index.js";
export {
  type BatchPlan,
  type PlanBatchFileOptions,
  type PlannedPart,
  type PlannedPrice,
  type PlannedTokens,
  planBatchFile,
  type TokenPrice,
  type TokenRange,
  type TranslationWarning,
  toDollars,
  type UnplacedRequest,
} from "./plan/index.js";
