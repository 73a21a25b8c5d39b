export { answerHoleAt } from "./answer/answer-holes.js";
export type { AnswerParts, AskedItems } from "./answer/answer-parts.js";
export { type AnswerProblem, toProblem } from "./answer/answer-problem.js";
export { findReasoningMark } from "./answer/blank-text.js";
export { readChatImages } from "./answer/chat-images.js";
export { findProblem, toEmptyProblem } from "./answer/find-problem.js";
export { kindOfFinish } from "./answer/finish-words.js";
export { readAnswerParts } from "./answer/read-answer-parts.js";
export { explainRefusal } from "./answer/read-message-parts.js";
export { findUnfilledCall, type ToolCall } from "./answer/to-tool-call.js";
export { type AnswerFacts, readFacts } from "./answer-facts.js";
export { statusOfError } from "./error-names.js";
export type { FailureName } from "./failure-name.js";
export { nameFailure, toErrorCode } from "./failure-name.js";
export { findForeignService } from "./foreign-line.js";
export { answerMembers, judgeLine, judgeResponse, judgeUnanswered } from "./judge-outcome.js";
export type { AnsweredOutcome, FailedOutcome, RequestOutcome } from "./outcome.js";
export { readOutputLimit } from "./read-output-limit.js";
export type { Cause } from "./recognise-cause.js";
export { describeCause, isUnreached } from "./recognise-cause.js";
export {
  backoffMs,
  defaultMaxRetries,
  isWorthRetrying,
  patiencePerRetryMs,
  RetryBudget,
  readAgainMs,
} from "./retry-policy.js";
export type { ServerAnswer } from "./server-answer.js";
export { readServiceError, type ServiceError } from "./service-error.js";
export { isNotNow, isOutage, isRedirect, isRefusal, isSuccessStatus } from "./statuses.js";
export { readWaitTimes } from "./wait-times.js";
