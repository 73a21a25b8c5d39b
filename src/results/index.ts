export type { AnswerBodies, AnswerBody, ResponseBody } from "./answer/answer-bodies.js";
export type { FormatSources } from "./answer/answer-formats.js";
export type {
  CancelledResult,
  ExpiredResult,
  FailedResult,
  MissingResult,
  ProblemAnswer,
  ProblemResult,
  Result,
  ResultByFormat,
  SucceededResult,
  UnreadableResult,
  UnsuccessfulResult,
  UsableAnswer,
  UsableResult,
} from "./answer/result.js";
export { ResultError } from "./answer/result-error.js";
export { compareResults, exportDifferences } from "./compare/compare-results.js";
export { toComparedAnswer } from "./compare/compared-answer.js";
export type {
  ComparableResults,
  CompareResultsOptions,
  Comparison,
  Difference,
  ExportedDifferences,
} from "./compare/comparison.js";
export {
  type FieldAgreement,
  FieldAgreements,
  type FieldDifference,
  type ValuePair,
} from "./compare/field-agreement.js";
export { type Exchange, type ExchangedResults, readExchange } from "./exchange/read-exchange.js";
export { findImages } from "./images/find-images.js";
export { imageEndingOf } from "./images/image-ending.js";
export { saveImages } from "./images/save-images.js";
export type { SavedImage, SavedImages, SaveImagesOptions, UnsavedImage } from "./images/saved-images.js";
export { openResultRows, type ResultRows, type ResultRowsOptions } from "./reader/open-result-rows.js";
export { openResults } from "./reader/open-results.js";
export { readResults } from "./reader/read-results.js";
export type {
  OpenResultsOptions,
  ReadResultsOptions,
  ResultOf,
  ResultsProgress,
} from "./reader/read-results-options.js";
export type {
  JoinableResults,
  Named,
  ResultCounts,
  ResultFor,
  Results,
  Stray,
  StrayKind,
  Strays,
} from "./reader/results.js";
export type { RetriedResults, RetryFile, WriteRetryFileOptions } from "./retry/retry-file.js";
export { writeRetryFile } from "./retry/write-retry-file.js";
export { AnswerFields } from "./summary/answer-fields.js";
export { CauseGroups, type ResultCause } from "./summary/cause-groups.js";
export { Histogram, type Quantiles } from "./summary/histogram.js";
export type {
  ResultsSummary,
  SummarizedResults,
  SummarizeResultsOptions,
} from "./summary/results-summary.js";
export { summarizeResults } from "./summary/summarize-results.js";
export { addAnswer, noUsageYet, type UsageTotal } from "./summary/usage-total.js";
export {
  type AnswerField,
  type NumberRange,
  type NumberSpread,
  type Spread,
  type ValueCount,
  ValueCounts,
} from "./summary/value-counts.js";
export { chooseRowKey } from "./tables/choose-row-key.js";
export { DefaultColumns } from "./tables/default-columns.js";
export { exportResults } from "./tables/export-results.js";
export type { ExportedResults } from "./tables/exported-results.js";
export { joinResults } from "./tables/join-results.js";
export type { JoinedResults, JoinResultsOptions } from "./tables/joined-results.js";
export { openRows } from "./tables/joined-rows.js";
export { noneJoined } from "./tables/none-joined.js";
export { type AbsentColumn, type DeepCells, ResultColumns } from "./tables/result-columns.js";
