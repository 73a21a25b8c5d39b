export type { Hash } from "./chance/hash-text.js";
export { hashText } from "./chance/hash-text.js";
export { Random } from "./chance/random.js";
export { pickWords } from "./chance/words.js";
export { type FoundFormat, findFormat } from "./find-format.js";
export { FitSearch, reportUnfit } from "./fit-search.js";
export {
  type Format,
  type JsonSchema,
  type LeftOut,
  toResponseFormat,
  toTextFormat,
} from "./format.js";
export { FormatNames } from "./format-names.js";
export type { InferFormat } from "./infer-format.js";
export type { FormatOptions } from "./make/create-format.js";
export { toFormat } from "./make/to-format.js";
export type { ValueMaker } from "./schema/compile-schema.js";
export { compileSchema } from "./schema/compile-schema.js";
export { SchemaFault } from "./schema/schema-fault.js";
export { SchemaError } from "./schema-error.js";
export type { StandardSchema } from "./source/standard-schema.js";
export type { MaybePromise, Validation, ValidationIssue } from "./validation.js";
export { toJsonSchemaValidator, toValidator, type Validator } from "./validator/to-validator.js";
