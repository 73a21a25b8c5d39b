import type { OpenedSource } from "../../files/index.js";
import type { FileSummary } from "../report/file-summary.js";
import { compareFindings, type Finding } from "../report/finding.js";
import type { ValidationStats } from "../report/report-fields.js";
import type { Tally } from "../report/tally.js";
import { ValidationReport } from "../report/validation-report.js";
import type { CheckSettings } from "./check-settings.js";
import { findInFile } from "./file-findings.js";
import type { IdRegistry } from "./id-registry.js";

export interface CreateReportOptions {
  /** The path of the file; "-" for standard input. */
  readonly name: string;
  readonly kind: OpenedSource["kind"];
  readonly settings: CheckSettings;
}

/** Adds what only the file as a whole shows, and brings everything into order. */
export function createReport(
  summary: FileSummary,
  ids: IdRegistry,
  { name, kind, settings: { target, ignore, maxFindings } }: CreateReportOptions,
): ValidationReport {
  const ofWholeFile = [...findInFile(summary, { target, name, kind }), ...ids.duplicates.toFindings()].filter(
    ({ code }) => !ignore.includes(code),
  );
  const all = [...ofWholeFile, ...summary.findings.toFindings()].sort(compareFindings);
  const counts = addCounts(summary.findings.counts, ofWholeFile);
  const findings = all.slice(0, maxFindings);
  const listed = findings.reduce((sum, { count }) => sum + count, 0);
  const omitted = counts.errors + counts.warnings + counts.notes - listed;
  return new ValidationReport({
    ...{ file: name, target, ...counts, findings, omitted },
    stats: toStats(summary, ids),
  });
}

function addCounts(counts: FileSummary["findings"]["counts"], findings: readonly Finding[]) {
  const sumOf = (severity: Finding["severity"]): number =>
    findings.reduce(
      (sum, finding) => sum + (finding.severity === severity ? finding.count : 0),
      counts[severity],
    );
  return { errors: sumOf("error"), warnings: sumOf("warning"), notes: sumOf("note") };
}

function toStats({ totals, endpoints, models }: FileSummary, ids: IdRegistry): ValidationStats {
  return {
    totalRequests: totals.requests,
    bytes: totals.bytes,
    uniqueCustomIds: ids.uniqueCount,
    endpoints: toCounts(endpoints),
    models: toCounts(models),
    otherEndpoints: endpoints.others,
    otherModels: models.others,
    embeddingInputs: totals.embeddingInputs,
    longestLine: totals.longestLine,
    blankLines: totals.blankLines,
  };
}

function toCounts({ entries }: Tally): Readonly<Record<string, number>> {
  return Object.fromEntries([...entries].map(([name, { count }]) => [name, count]));
}
