export type { BatchPlan, PlannedPart, PlannedPrice, PlannedTokens, UnplacedRequest } from "./batch-plan.js";
export { planBatchFile } from "./plan-batch-file.js";
export type { PlanBatchFileOptions } from "./plan-options.js";
export type { TokenPrice } from "./price/price-list.js";
