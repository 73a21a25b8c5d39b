export type { AnswerBodies, AnswerBody, ResponseBody } from "./answer-bodies.js";
export { openResults } from "./open-results.js";
export { readResults } from "./read-results.js";
export type {
  FormatSources,
  OpenResultsOptions,
  ReadResultsOptions,
  ResultOf,
  ResultsProgress,
} from "./read-results-options.js";
export type {
  AnswerProblem,
  CancelledResult,
  ExpiredResult,
  FailedResult,
  MissingResult,
  ProblemAnswer,
  ProblemResult,
  Result,
  ResultByFormat,
  ServiceError,
  SucceededResult,
  ToolCall,
  UnreadableResult,
  UnsuccessfulResult,
  UsableAnswer,
  UsableResult,
} from "./result.js";
export { ResultError } from "./result-error.js";
export type { Named, ResultCounts, ResultFor, Results, Stray, StrayKind, Strays } from "./results.js";
