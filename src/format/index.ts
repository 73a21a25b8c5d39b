export type { FormatOptions } from "./create-format.js";
export { findFormat } from "./find-format.js";
export {
  type Format,
  type JsonSchema,
  type LeftOut,
  toResponseFormat,
  toTextFormat,
} from "./format.js";
export { FormatNames } from "./format-names.js";
export type { InferFormat } from "./infer-format.js";
export { SchemaError } from "./schema-error.js";
export type { StandardSchema } from "./standard-schema.js";
export { toFormat } from "./to-format.js";
export { toJsonSchemaValidator, toValidator, type Validator } from "./to-validator.js";
export type { MaybePromise, Validation, ValidationIssue } from "./validation.js";
