export { assertOptions } from "./assert-options.js";
export { inspectCustomId } from "./custom-id.js";
export { describe, describeName } from "./describe.js";
export { type Endpoint, endpoints, isEndpoint } from "./endpoint.js";
export { inspectBody } from "./inspect-body.js";
export { Inspection, type InspectionOptions } from "./inspection.js";
export { appendPointer, resolvePointer } from "./json-pointer.js";
export { toJsonValue } from "./json-value.js";
export { maxBytesPerBatch, maxEmbeddingInputsPerBatch, maxRequestsPerBatch } from "./limits.js";
export { listColumns, nearestColumn, nearestName } from "./nearest-name.js";
export {
  allowedNamesOption,
  choiceOption,
  countFromOneOption,
  countOption,
  flagOption,
  functionOption,
  headersOption,
  type OptionRule,
  type OptionRules,
  signalOption,
  textOption,
  timeoutOption,
} from "./option-rules.js";
export { countEmbeddingInputs } from "./parameters/embeddings.js";
export { readUsage } from "./read-usage.js";
export { recogniseEndpoint } from "./recognise-endpoint.js";
export type { BatchRequest } from "./request.js";
export { isObject } from "./rule.js";
export { annotationKeywords, hasLookaround, strictFormats } from "./strict-schema/keywords.js";
export { isObjectSchema } from "./strict-schema/walk-schema.js";
export { type SchemaProblem, validateStrictSchema } from "./strict-schema.js";
export { addUsage, noUsage, type Usage } from "./usage.js";
export { inspectRequest, validateBody, validateRequest } from "./validate-request.js";
