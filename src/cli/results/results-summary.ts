import { countOf, formatCount, toPlainText } from "../../errors/index.js";
import type { ResultCause, ResultsSummary } from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { quoteName } from "../frame/quoting.js";
import type { ResultsOutcome } from "./results-actions.js";
import { toFieldLines } from "./results-fields.js";
import { usualColumns } from "./results-show.js";
import type { ResultsTime } from "./results-time.js";
import { toTimeSpan } from "./time-span.js";

const statuses = ["succeeded", "failed", "expired", "cancelled", "missing", "unreadable"] as const;
const maxListed = 10;
const indent = "    ";

/** The numbers of all results, for people. */
export function toSummaryText(
  { inputs, summary, time }: ResultsOutcome,
  { colors, outColumns = usualColumns }: Pick<CommandIo, "colors" | "outColumns">,
): string {
  const { counts, causes, models, otherModels, unknownFinishes, notes } = summary;
  const { requests, results } = inputs;
  const problems = causes.filter(({ status }) => status === "succeeded");
  const failures = causes.filter(({ status }) => status === "failed");
  const lines = [
    `${colors.bold(toName(inputs.file))}: ${toVerdict(summary, colors)}`,
    ...(requests === undefined ? [] : [`results: ${results.map(toName).join(", ")}`]),
    toList(
      "status",
      statuses.map((status) => ({ name: status, count: counts[status] })),
    ),
    toList("problems", problems.map(toNamed)),
    ...toRuleText(causes),
    toList("failures", failures.map(toNamed)),
    toList("unknown ends", toNamedCounts(unknownFinishes)),
    toList("notes", toNamedCounts(notes)),
    toList("models", toNamedCounts(models), otherModels),
    ...toUsageText(summary),
    ...(time === undefined ? [] : [toTimeText(time)]),
    ...toFieldLines(summary, { colors, columns: outColumns - indent.length }),
  ];
  return `${lines.filter((line) => line !== undefined).join(`\n${indent}`)}\n`;
}

function toName(file: string): string {
  return file === "-" ? "standard input" : toPlainText(file);
}

function toVerdict({ counts, usable }: ResultsSummary, { green, red }: CommandIo["colors"]): string {
  const total = countOf(counts.total, "request");
  if (counts.total === 0) return red("no request");
  if (usable === counts.total) return green(`${counts.total === 1 ? "" : "all "}${total} answered`);
  return red(`${formatCount(usable)} of ${total} with a usable answer`);
}

interface NamedCount {
  readonly name: string;
  readonly count: number;
}

function toNamed({ statusCode, code, count }: ResultCause): NamedCount {
  return { name: [...(statusCode === undefined ? [] : [statusCode]), quoteName(code)].join(" "), count };
}

function toNamedCounts(counts: Readonly<Record<string, number>>): readonly NamedCount[] {
  return Object.entries(counts).map(([name, count]) => ({ name: quoteName(name), count }));
}

/** `title: name 3, other 1`; the counts of one name are one, and what comes after the first ten is one as well, with what is `beyond` the entries. */
function toList(title: string, entries: readonly NamedCount[], beyond = 0): string | undefined {
  const sums = new Map<string, number>();
  for (const { name, count } of entries) if (count > 0) sums.set(name, (sums.get(name) ?? 0) + count);
  if (sums.size === 0) return undefined;
  const words = [...sums].map(([name, count]) => `${name} ${formatCount(count)}`);
  const others = [...sums.values()].slice(maxListed).reduce((sum, count) => sum + count, beyond);
  const listed = words.slice(0, maxListed).join(", ");
  return `${title}: ${listed}${others > 0 ? `, others ${formatCount(others)}` : ""}`;
}

/** Which rules of their schemas answers break first, and how often. */
function toRuleText(causes: readonly ResultCause[]): readonly string[] {
  const broken = causes.flatMap(({ rule, count }) =>
    rule === undefined ? [] : [`${formatCount(count)} × ${toPlainText(rule)}`],
  );
  const others = broken.length > maxListed ? [`${formatCount(broken.length - maxListed)} rules more`] : [];
  return broken.length === 0
    ? []
    : [`broken rules: ${[...broken.slice(0, maxListed), ...others].join(", ")}`];
}

function toUsageText({ usage, tokens, askedAgain, spent }: ResultsSummary): readonly string[] {
  if (usage.answers === 0) return [];
  const [input, cached, output, reasoning, total] = [
    usage.input_tokens,
    usage.input_tokens_details.cached_tokens,
    usage.output_tokens,
    usage.output_tokens_details.reasoning_tokens,
    usage.total_tokens,
  ].map(formatCount);
  const inCache = cached === "0" ? "" : ` (${cached} cached)`;
  const inReasoning = reasoning === "0" ? "" : ` (${reasoning} reasoning)`;
  return [
    `tokens: ${input} input${inCache}, ${output} output${inReasoning}, ${total} in all`,
    ...(askedAgain === 0 ? [] : [toAgainText(askedAgain, spent.total_tokens - usage.total_tokens)]),
    ...(tokens === undefined || usage.answers === 1 ? [] : [toTokensText(tokens)]),
  ];
}

function toAgainText(requests: number, tokens: number): string {
  return `asked again: ${countOf(requests, "request")}, whose other answers took ${countOf(tokens, "token")} more`;
}

function toTokensText({ input, output }: NonNullable<ResultsSummary["tokens"]>): string {
  const of = (quantile: "p50" | "p95"): string =>
    `${formatCount(input[quantile])} input, ${formatCount(output[quantile])} output (${quantile})`;
  return `an answer: ${of("p50")}; ${of("p95")}`;
}

function toTimeText({
  runs,
  isLeast,
  seconds,
  attempts,
  averageMs,
  latencies,
  longestMs,
}: ResultsTime): string {
  const least = isLeast ? "at least " : "";
  const parts = [
    `${least}${toTimeSpan(seconds)}${runs === 1 ? "" : ` in ${runs} runs`}`,
    `${least}${countOf(attempts, "attempt")}`,
    `${toTimeSpan(averageMs / 1000)} a request${toLatencyText(latencies)}, ${toTimeSpan(longestMs / 1000)} at the most`,
  ];
  return `time: ${parts.join(", ")}`;
}

function toLatencyText(latencies: ResultsTime["latencies"]): string {
  if (latencies === undefined) return "";
  return ` (p50 ${toTimeSpan(latencies.p50 / 1000)}, p95 ${toTimeSpan(latencies.p95 / 1000)})`;
}
