export { BatchCollector } from "./collector/batch-collector.js";
export type { ChatCompletionsCollector } from "./collector/chat-completions-collector.js";
export type {
  ChatCompletionParameters,
  ChatCompletionParseParameters,
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
  ResponseParseParameters,
} from "./collector/collector-parameters.js";
export type { CompletionsCollector } from "./collector/completions-collector.js";
export type { EmbeddingsCollector } from "./collector/embeddings-collector.js";
export type { ImagesCollector } from "./collector/images-collector.js";
export type { ModerationsCollector } from "./collector/moderations-collector.js";
export type { RequestRef } from "./collector/request-ref.js";
export type { ResponsesCollector } from "./collector/responses-collector.js";
export type { CollectorOptions, CollectorWarning } from "./file/collector-options.js";
export type { BulkCounts, BulkOptions, BulkProgress, RowFailure, Rows } from "./file/write-each-row.js";
export { loadRowTemplate } from "./row-template/load-row-template.js";
export { findCell, toCellText } from "./row-template/row-cell.js";
export type { TemplateRow } from "./row-template/row-filler.js";
export { toRowId } from "./row-template/row-id.js";
export type { LoadRowTemplateOptions, PromptCell, RowTemplate } from "./row-template/row-template.js";
export { BatchJobManager } from "./template/batch-job-manager.js";
export { ChatCompletionsRequest } from "./template/chat-completions-request.js";
export { EmbeddingInputInstance } from "./template/embedding-input-instance.js";
export { EmbeddingsRequest } from "./template/embeddings-request.js";
export type { Prompt, PromptedRequest } from "./template/instance-requests.js";
export type {
  AddedRequest,
  BatchJobManagerOptions,
  EmbeddingInstancesOptions,
  ManagerWarning,
  TemplatedInstancesOptions,
} from "./template/manager-options.js";
export { Message, type PromptMessage } from "./template/message.js";
export { MessagesInputInstance } from "./template/messages-input-instance.js";
export { parsePlaceholders, type Segment } from "./template/placeholder.js";
export { PromptTemplate } from "./template/prompt-template.js";
export { PromptTemplateInputInstance } from "./template/prompt-template-input-instance.js";
export type { TemplateValue, VariablesOf } from "./template/prompt-template-variables.js";
export type {
  ChatCompletionsRequestParameters,
  EmbeddingsRequestParameters,
  ResponsesRequestParameters,
} from "./template/request-parameters.js";
export { RequestTemplate } from "./template/request-template.js";
export { ReasoningConfig, ResponsesRequest } from "./template/responses-request.js";
export { type PromptVariables, ReusablePrompt } from "./template/reusable-prompt.js";
