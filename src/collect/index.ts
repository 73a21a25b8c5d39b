export { BatchCollector } from "./batch-collector.js";
export type {
  ChatCompletionParseParameters,
  ChatCompletionsCollector,
} from "./chat-completions-collector.js";
export type { CollectorOptions, CollectorWarning } from "./collector-options.js";
export type {
  ChatCompletionParameters,
  CompletionParameters,
  CustomId,
  EmbeddingParameters,
  Exactly,
  ImageEditParameters,
  ImageGenerateParameters,
  ImageReference,
  ModerationParameters,
  ReadyMadeRequest,
  ResponseParameters,
} from "./collector-parameters.js";
export type { CompletionsCollector } from "./completions-collector.js";
export type { EmbeddingsCollector } from "./embeddings-collector.js";
export type { ImagesCollector } from "./images-collector.js";
export type { ModerationsCollector } from "./moderations-collector.js";
export type { RequestRef } from "./request-ref.js";
export type { ResponseParseParameters, ResponsesCollector } from "./responses-collector.js";
export type { TemplateRow } from "./row-filler.js";
export { type LoadRowTemplateOptions, loadRowTemplate, type RowTemplate } from "./row-template.js";
export type { BulkCounts, BulkOptions, BulkProgress, RowFailure, Rows } from "./write-many.js";
