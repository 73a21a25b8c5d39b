export { BatchFileValidator, type BatchFileValidatorOptions, quickValidate } from "./batch-file-validator.js";
export type { ValidateBatchFileOptions, ValidationProgress } from "./check-settings.js";
export type { Finding } from "./finding.js";
export { type FixBatchFileOptions, fixBatchFile } from "./fix-batch-file.js";
export { type FixChange, type FixCode, FixReport, type FixReportFields } from "./fix-report.js";
export type { ReportTextOptions } from "./report-text.js";
export { validateBatchFile } from "./validate-batch-file.js";
export {
  ValidationReport,
  type ValidationReportFields,
  type ValidationStats,
  type ValidationTarget,
} from "./validation-report.js";
