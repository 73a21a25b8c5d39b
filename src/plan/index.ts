export type { BatchPlan, PlannedPart, UnplacedRequest } from "./batch-plan.js";
export { planBatchFile } from "./plan-batch-file.js";
export type { PlanBatchFileOptions } from "./plan-options.js";
