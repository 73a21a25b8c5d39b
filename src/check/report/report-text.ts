import { createRequire } from "node:module";
import { countOf, formatCount, type Severity, toPlainText } from "../../errors/index.js";
import { findProfile } from "../../providers/index.js";
import type { Finding } from "./finding.js";
import type { ValidationReportFields, ValidationStats, ValidationTarget } from "./report-fields.js";

export interface ReportTextOptions {
  /** Whether to colour the text for a terminal. False by default. */
  readonly colors?: boolean | undefined;
}

/** A report, as far as its text needs it. */
type Report = ValidationReportFields & { readonly isValid: boolean };

type Picocolors = typeof import("picocolors");
type Colors = ReturnType<Picocolors["createColors"]>;

const maxListedNames = 10;

export function toReportText(report: Report, { colors = false }: ReportTextOptions = {}): string {
  // Loaded for the first text, and not with the collector. What is required is what the package's types describe.
  const { createColors } = createRequire(import.meta.url)("picocolors") as Picocolors;
  const paint = createColors(colors);
  const findings = report.findings.map((finding) => toFindingText(finding, nameOf(report), paint));
  return [...findings, ...toOmittedText(report, paint), toSummaryText(report, paint)].join("\n");
}

function toFindingText(finding: Finding, file: string, paint: Colors): string {
  const { severity, code, line, custom_id, path, message, hint } = finding;
  const place = line === undefined ? file : `${file}:${line}`;
  const head = [paintSeverity(severity, paint), paint.bold(code), paint.cyan(place)];
  if (custom_id !== undefined) head.push(paint.dim(`custom_id ${quote(custom_id)}`));
  const what = path === "" ? message : `${path}: ${message}`;
  const body = [toPlainText(what), `${paint.dim("hint:")} ${toPlainText(hint)}`];
  const more = toRepetitionText(finding);
  if (more !== undefined) body.push(paint.dim(more));
  return `${head.join("  ")}\n${body.map((text) => `    ${text}\n`).join("")}`;
}

function toRepetitionText({ count, lineCount, lines }: Finding): string | undefined {
  const others = lines.slice(1);
  const moreLines = lineCount - 1;
  const times = count > Math.max(lineCount, 1) ? `${countOf(count, "time")} in all` : undefined;
  if (lineCount <= 1) return times;
  const list = `${others.join(", ")}${others.length < moreLines ? ", …" : ""}`;
  const text = `and ${moreLines === 1 ? "1 more line" : `${formatCount(moreLines)} more lines`}: ${list}`;
  return times === undefined ? text : `${text} (${times})`;
}

function toOmittedText({ omitted }: Report, paint: Colors): string[] {
  if (omitted === 0) return [];
  const text = `… and ${countOf(omitted, "more finding")} of further causes, which are counted but not listed.`;
  return [`${paint.dim(text)}\n`];
}

function toSummaryText(report: Report, paint: Colors): string {
  const { stats } = report;
  const lines = [
    `${paint.bold(nameOf(report))}: ${toVerdict(report, paint)}`,
    `    ${[
      countOf(stats.totalRequests, "request"),
      countOf(stats.bytes, "byte"),
      countOf(stats.uniqueCustomIds, "custom_id"),
    ].join(", ")}`,
    ...listNames("endpoints", stats.endpoints, stats.otherEndpoints),
    ...listNames("models", stats.models, stats.otherModels),
    ...toExtraLines(stats),
  ];
  return `${lines.join("\n")}\n`;
}

function nameOf({ file }: Report): string {
  return file === "-" ? "standard input" : toPlainText(file);
}

function toVerdict(report: Report, paint: Colors): string {
  const { isValid, target, errors, warnings, notes } = report;
  const goal = toGoal(target);
  const verdict = isValid ? paint.green(`ready ${goal}`) : paint.red(`not ready ${goal}`);
  const counts = [
    ...(errors > 0 ? [paint.red(`${countOf(errors, "error")}${toCauses(report, "error", errors)}`)] : []),
    ...(warnings > 0
      ? [paint.yellow(`${countOf(warnings, "warning")}${toCauses(report, "warning", warnings)}`)]
      : []),
    ...(notes > 0 ? [countOf(notes, "note")] : []),
  ];
  return `${verdict}, ${counts.length === 0 ? "nothing found" : counts.join(", ")}`;
}

function toGoal(target: ValidationTarget): string {
  if (target === "openbatch") return "for openbatch";
  return target === "upload" ? "to upload" : `for ${findProfile(target).title}`;
}

/** Three hundred errors may be two mistakes. */
function toCauses({ findings, omitted }: Report, severity: Severity, count: number): string {
  const causes = findings.filter((finding) => finding.severity === severity).length;
  return omitted > 0 || causes === 0 || causes === count ? "" : ` of ${countOf(causes, "cause")}`;
}

function listNames(title: string, counts: Readonly<Record<string, number>>, others: number): string[] {
  const names = Object.entries(counts);
  if (names.length === 0) return [];
  const listed = names
    .slice(0, maxListedNames)
    .map(([name, count]) => `${quote(name)} ${formatCount(count)}`);
  const rest = names.slice(maxListedNames).reduce((sum, [, count]) => sum + count, others);
  return [`    ${title}: ${[...listed, ...(rest > 0 ? [`others ${formatCount(rest)}`] : [])].join(", ")}`];
}

function toExtraLines({ embeddingInputs, blankLines, longestLine }: ValidationStats): string[] {
  const extras = [
    ...(embeddingInputs > 0 ? [countOf(embeddingInputs, "embedding input")] : []),
    ...(blankLines > 0 ? [countOf(blankLines, "blank line")] : []),
    ...(longestLine.line > 0
      ? [`longest line ${longestLine.line} (${countOf(longestLine.bytes, "byte")})`]
      : []),
  ];
  return extras.length === 0 ? [] : [`    ${extras.join(", ")}`];
}

function paintSeverity(severity: Severity, paint: Colors): string {
  if (severity === "error") return paint.red("error");
  return severity === "warning" ? paint.yellow("warning") : paint.blue("note");
}

/** Plain words as they are; what has spaces or odd characters, as a JSON string. */
function quote(name: string): string {
  if (/^[\w./:@+-]+$/.test(name)) return name;
  return toPlainText(JSON.stringify(name.length > 64 ? `${name.slice(0, 60)}…` : name));
}
