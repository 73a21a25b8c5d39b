export {
  BatchFileValidator,
  type BatchFileValidatorOptions,
  quickValidate,
} from "./check/batch-file-validator.js";
export type { ValidateBatchFileOptions, ValidationProgress } from "./check/check-settings.js";
export { validateBatchFile } from "./check/validate-batch-file.js";
export { fixBatchFile } from "./mend/fix-batch-file.js";
export type { FixBatchFileOptions } from "./mend/fix-options.js";
export { type FixChange, type FixCode, FixReport, type FixReportFields } from "./mend/fix-report.js";
export type { Finding } from "./report/finding.js";
export type { ValidationReportFields, ValidationStats, ValidationTarget } from "./report/report-fields.js";
export type { ReportTextOptions } from "./report/report-text.js";
export { ValidationReport } from "./report/validation-report.js";
