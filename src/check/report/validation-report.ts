import type { Finding } from "./finding.js";
import type { ValidationReportFields, ValidationStats, ValidationTarget } from "./report-fields.js";
import { type ReportTextOptions, toReportText } from "./report-text.js";

/** What a check of a batch file found. Counts are exact; the list of findings is capped. */
export class ValidationReport implements ValidationReportFields {
  readonly file: string;
  readonly target: ValidationTarget;
  /** Whether there is no error. */
  readonly isValid: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly findings: readonly Finding[];
  readonly omitted: number;
  readonly stats: ValidationStats;

  constructor(fields: ValidationReportFields) {
    this.file = fields.file;
    this.target = fields.target;
    this.isValid = fields.errors === 0;
    this.errors = fields.errors;
    this.warnings = fields.warnings;
    this.notes = fields.notes;
    this.findings = fields.findings;
    this.omitted = fields.omitted;
    this.stats = fields.stats;
  }

  /** The report for people to read. Plain text unless `colors` is true. */
  toString(options: ReportTextOptions = {}): string {
    return toReportText(this, options);
  }

  toJSON(): ValidationReportFields & { readonly isValid: boolean } {
    return { ...this };
  }
}
