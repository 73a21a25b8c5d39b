import { countOf, formatCount, toPlainText } from "../../errors/index.js";
import type { AnswerField, NumberRange, NumberSpread, ResultsSummary, ValueCount } from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { cutToWidth, displayWidth, padToWidth } from "../frame/display-width.js";

const maxFields = 12;
const maxValues = 10;
const maxBar = 24;
const maxLabel = 30;

export interface FieldsTextOptions {
  readonly columns: number;
  readonly colors: CommandIo["colors"];
}

/** What stands in the answers, place by place: values with their counts and bars, how long texts are. No line is indented. */
export function toFieldLines(
  { fields }: Pick<ResultsSummary, "fields">,
  options: FieldsTextOptions,
): readonly string[] {
  const more = fields.length - maxFields;
  return [
    ...fields.slice(0, maxFields).flatMap((field) => toLines(field, options)),
    ...(more > 0 ? [`and ${countOf(more, "more place")} in the answers: --json has them all`] : []),
  ];
}

function toLines(field: AnswerField, options: FieldsTextOptions): readonly string[] {
  const { columns, colors } = options;
  const { nulls, numbers, lengths, isChoice } = field;
  const path = colors.bold(cutToWidth(toPlainText(field.path), columns >> 1));
  const head = (text: string): string =>
    `${path}: ${text}${nulls === 0 ? "" : `, ${formatCount(nulls)} null`}`;
  if (isChoice) return [head(toChoiceText(field)), ...toBars(toValueBars(field), options)];
  const parts = [
    ...(numbers === undefined ? [] : [toNumbersText(numbers)]),
    ...(lengths === undefined ? [] : [`${countOf(lengths.count, "text")} of ${toLengthText(lengths)}`]),
    ...(field.count === 0 ? ["nothing"] : []),
  ];
  const bars = numbers === undefined ? [] : toBars(toRangeBars(numbers), options);
  return [head(parts.join("; ")), ...bars];
}

function toChoiceText({ distinct, count }: AnswerField): string {
  return `${countOf(distinct, "value")} in ${formatCount(count)}`;
}

function toNumbersText({ count, least, most, mean, p50, p95 }: NumberSpread): string {
  if (count === 1) return `1 number, ${toNumber(least)}`;
  return `${countOf(count, "number")} from ${toNumber(least)} to ${toNumber(most)}, mean ${toNumber(mean)}, p50 ${toNumber(p50)}, p95 ${toNumber(p95)}`;
}

function toLengthText({ least, most, p50, p95 }: NonNullable<AnswerField["lengths"]>): string {
  if (least === most) return countOf(least, "character");
  return `${formatCount(least)} to ${countOf(most, "character")}, p50 ${formatCount(p50)}, p95 ${formatCount(p95)}`;
}

/** So many of a total have a label. */
export interface Bar {
  readonly label: string;
  readonly count: number;
  readonly total: number;
}

function toValueBars({ values, distinct, count }: AnswerField): readonly Bar[] {
  const shown = toOrder(values.slice(0, distinct > maxValues + 1 ? maxValues : values.length));
  const rest = count - shown.reduce((sum, value) => sum + value.count, 0);
  return [
    ...shown.map((value) => ({ label: toLabel(value.value), count: value.count, total: count })),
    ...(rest > 0
      ? [{ label: `${formatCount(distinct - shown.length)} others`, count: rest, total: count }]
      : []),
  ];
}

/** Numbers in their own order, everything else as often as it came. */
function toOrder(values: readonly ValueCount[]): readonly ValueCount[] {
  if (!values.every(({ value }) => typeof value === "number")) return values;
  return [...values].sort((one, other) => Number(one.value) - Number(other.value));
}

function toRangeBars({ ranges, count: total }: NumberSpread): readonly Bar[] {
  return ranges.map((range) => ({ label: toRangeLabel(range), count: range.count, total }));
}

function toRangeLabel({ from, below }: NumberRange): string {
  return `${toNumber(from)} to ${toNumber(below)}`;
}

/** A value as it is, unless it could not be seen as one. */
export function toLabel(value: ValueCount["value"]): string {
  if (typeof value === "number") return toNumber(value);
  if (typeof value === "boolean") return String(value);
  const isBare = value !== "" && value.trim() === value;
  return toPlainText(isBare ? value : JSON.stringify(value));
}

export interface BarsOptions extends FieldsTextOptions {
  /** The count of the longest bar that there may be; by default the greatest of them. */
  readonly longest?: number;
}

/** A bar a line: what it is of, the bar, the count, and its share of all. */
export function toBars(
  bars: readonly Bar[],
  { columns, colors, longest = Math.max(...bars.map(({ count }) => count)) }: BarsOptions,
): readonly string[] {
  const labels = bars.map(({ label }) => cutToWidth(label, Math.min(maxLabel, columns >> 1)));
  const counts = bars.map(({ count }) => formatCount(count));
  const [labelWidth, countWidth] = [widest(labels), widest(counts)];
  // Around it stand indents, gaps and the share.
  const room = Math.max(1, Math.min(maxBar, columns - labelWidth - countWidth - 15));
  return bars.map(({ count, total }, index) => {
    const bar = "█".repeat(count === 0 ? 0 : Math.max(1, Math.round((count / longest) * room)));
    const words = [
      padToWidth(labels[index] ?? "", labelWidth),
      colors.cyan(padToWidth(bar, room)),
      (counts[index] ?? "").padStart(countWidth),
      `${toShare(count, total)} %`.padStart(5),
    ];
    return `    ${words.join("  ")}`;
  });
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(displayWidth));
}

/** Percent; what is there is not shown as nothing, and what is not all, not as all. */
function toShare(count: number, total: number): string {
  if (count === 0 || count === total) return count === 0 ? "0" : "100";
  const percent = (100 * count) / total;
  if (percent < 0.5) return "<1";
  return String(Math.min(99, Math.round(percent)));
}

/** With no more digits than somebody reads. */
function toNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return formatCount(value);
  return String(Number(value.toPrecision(4)));
}
