export type { BatchPlan, PlannedPart, PlannedPrice, PlannedTokens, UnplacedRequest } from "./batch-plan.js";
export { cutParts, type Part } from "./parts/cut-parts.js";
export type { Obstacle } from "./parts/find-obstacle.js";
export { type RequestKind, RequestTable } from "./parts/request-table.js";
export { planBatchFile } from "./plan-batch-file.js";
export type { PlanBatchFileOptions } from "./plan-options.js";
export type { TokenPrice } from "./price/price-list.js";
