export { BatchCollector } from "./batch-collector.js";
export { BatchJobManager } from "./batch-job-manager.js";
export type {
  ChatCompletionParseParameters,
  ChatCompletionsCollector,
} from "./chat-completions-collector.js";
export { ChatCompletionsRequest } from "./chat-completions-request.js";
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
export { EmbeddingInputInstance } from "./embedding-input-instance.js";
export type { EmbeddingsCollector } from "./embeddings-collector.js";
export { EmbeddingsRequest } from "./embeddings-request.js";
export type { ImagesCollector } from "./images-collector.js";
export type { Prompt, PromptedRequest } from "./instance-requests.js";
export type {
  AddedRequest,
  BatchJobManagerOptions,
  EmbeddingInstancesOptions,
  ManagerWarning,
  TemplatedInstancesOptions,
} from "./manager-options.js";
export { Message, type PromptMessage } from "./message.js";
export { MessagesInputInstance } from "./messages-input-instance.js";
export type { ModerationsCollector } from "./moderations-collector.js";
export { parsePlaceholders, type Segment } from "./placeholder.js";
export { PromptTemplate } from "./prompt-template.js";
export { PromptTemplateInputInstance } from "./prompt-template-input-instance.js";
export type { TemplateValue, VariablesOf } from "./prompt-template-variables.js";
export { ReasoningConfig } from "./reasoning-config.js";
export type {
  ChatCompletionsRequestParameters,
  EmbeddingsRequestParameters,
  ResponsesRequestParameters,
} from "./request-parameters.js";
export type { RequestRef } from "./request-ref.js";
export { RequestTemplate } from "./request-template.js";
export type { ResponseParseParameters, ResponsesCollector } from "./responses-collector.js";
export { ResponsesRequest } from "./responses-request.js";
export { type PromptVariables, ReusablePrompt } from "./reusable-prompt.js";
export { findCell, toCellText } from "./row-cell.js";
export type { TemplateRow } from "./row-filler.js";
export { toRowId } from "./row-id.js";
export { type LoadRowTemplateOptions, loadRowTemplate, type RowTemplate } from "./row-template.js";
export type { BulkCounts, BulkOptions, BulkProgress, RowFailure, Rows } from "./write-many.js";
