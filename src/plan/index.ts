export { assertCost } from "./assert-cost.js";
export type {
  BatchPlan,
  PlannedPart,
  PlannedPrice,
  PlannedTokens,
  TokenRange,
  UnplacedRequest,
} from "./batch-plan.js";
export { priceLines } from "./describe-parts.js";
export { toDollars } from "./dollars.js";
export { cutParts, type Part } from "./parts/cut-parts.js";
export type { Obstacle } from "./parts/find-obstacle.js";
export { type RequestKind, RequestTable, type RequestTableOptions } from "./parts/request-table.js";
export type { TranslationWarning } from "./parts/translation-warnings.js";
export { planBatchFile } from "./plan-batch-file.js";
export { costRules, type PlanBatchFileOptions } from "./plan-options.js";
export { loadPricing, type Pricing } from "./price/load-pricing.js";
export type { TokenPrice } from "./price/price-list.js";
export { TokenCounter } from "./tokens/token-counter.js";
