export type { AnswerBodies, AnswerBody, ResponseBody } from "./answer-bodies.js";
export type { ResultCause } from "./cause-groups.js";
export { classifyLine } from "./classify-line.js";
export { type ExportedResults, exportResults } from "./export-results.js";
export { type FailureName, nameFailure } from "./failure-name.js";
export {
  type JoinableResults,
  type JoinedResults,
  type JoinResultsOptions,
  joinResults,
} from "./join-results.js";
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
export type { AbsentColumn } from "./result-columns.js";
export { ResultError } from "./result-error.js";
export type { Named, ResultCounts, ResultFor, Results, Stray, StrayKind, Strays } from "./results.js";
export {
  type SavedImage,
  type SavedImages,
  type SaveImagesOptions,
  saveImages,
  type UnsavedImage,
} from "./save-images.js";
export {
  type ResultsSummary,
  type SummarizedResults,
  type SummarizeResultsOptions,
  summarizeResults,
} from "./summarize-results.js";
export type { UsageTotal } from "./usage-total.js";
export {
  type RetriedResults,
  type RetryFile,
  type WriteRetryFileOptions,
  writeRetryFile,
} from "./write-retry-file.js";
