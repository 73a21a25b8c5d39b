export { assertIterable } from "./assert-iterable.js";
export { assertOptions } from "./assert-options.js";
export {
  type BatchError,
  type BatchObject,
  type BatchStatus,
  batchStatuses,
  isAtEnd,
  type RequestCounts,
} from "./batch-object.js";
export type { FileObject } from "./file-object.js";
export { inspectBody } from "./inspect-body.js";
export type { Misplaced } from "./misplaced.js";
export {
  allowedNamesOption,
  choiceOption,
  countFromOneOption,
  countOption,
  flagOption,
  functionOption,
  headersOption,
  modelNamesOption,
  type OptionRule,
  type OptionRules,
  pathOption,
  positiveOption,
  serverOptions,
  signalOption,
  targetOption,
  textOption,
  timeoutOption,
} from "./option-rules.js";
export { countEmbeddingInputs } from "./parameters/embeddings.js";
export { isModelName, readModelNames } from "./read-model-names.js";
export { readUsage } from "./read-usage.js";
export { inspectCustomId, isPortableId } from "./request/custom-id.js";
export { type Endpoint, endpoints, isEndpoint } from "./request/endpoint.js";
export { maxBytesPerBatch, maxEmbeddingInputsPerBatch, maxRequestsPerBatch } from "./request/limits.js";
export { modelOf } from "./request/model-of.js";
export { type PromptPart, toPromptParts, toPromptSettings } from "./request/prompt-parts.js";
export { recogniseEndpoint } from "./request/recognise-endpoint.js";
export type { BatchRequest } from "./request/request.js";
export { freeUnitsAt, hasFreeTexts, isFreeText } from "./request-rules/free-texts.js";
export { describe, describeName } from "./rule/describe.js";
export {
  Inspection,
  type InspectionOptions,
  type RequestTarget,
} from "./rule/inspection.js";
export { appendPointer, resolvePointer } from "./rule/json-pointer.js";
export { toJsonValue } from "./rule/json-value.js";
export { nearestColumn, nearestName } from "./rule/nearest-name.js";
export { isObject } from "./rule/rule.js";
export { toRecord } from "./rule/to-record.js";
export { annotationKeywords, hasLookaround, strictFormats } from "./strict-schema/keywords.js";
export { type SchemaProblem, validateStrictSchema } from "./strict-schema/strict-schema.js";
export { isObjectSchema } from "./strict-schema/walk-schema.js";
export { wrapRoot } from "./strict-schema/wrap-root.js";
export { addUsage, noUsage, type Usage } from "./usage.js";
export { inspectRequest, validateBody, validateRequest } from "./validate-request.js";
