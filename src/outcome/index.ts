export type { AnswerParts, AskedItems } from "./answer/answer-parts.js";
export { type AnswerProblem, toProblem } from "./answer/answer-problem.js";
export { findProblem, toEmptyProblem } from "./answer/find-problem.js";
export { readAnswerParts } from "./answer/read-answer-parts.js";
export type { ToolCall } from "./answer/to-tool-call.js";
export type { LineOutcome } from "./classify-line.js";
export { classifyLine } from "./classify-line.js";
export type { FailureName } from "./failure-name.js";
export { nameFailure, toErrorCode } from "./failure-name.js";
export { findFailure, isSuccess, isSuccessStatus } from "./is-success.js";
export type { Cause } from "./recognise-cause.js";
export { isUnreached, recogniseCause, recogniseOddSuccess } from "./recognise-cause.js";
export {
  backoffMs,
  defaultMaxRetries,
  isNotNow,
  isOutage,
  isWorthRetrying,
  patiencePerRetryMs,
  RetryBudget,
} from "./retry-policy.js";
export type { ServerAnswer } from "./server-answer.js";
export type { ServiceError } from "./service-error.js";
