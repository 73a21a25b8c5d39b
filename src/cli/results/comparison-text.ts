import { countOf, formatCount, toPlainText } from "../../errors/index.js";
import type { Comparison, Difference, FieldAgreement } from "../../index.js";
import type { CommandIo } from "../frame/command.js";
import { cutToWidth, displayWidth } from "../frame/display-width.js";
import { quoteName } from "../frame/quoting.js";
import { wrapText } from "../frame/wrap-text.js";
import { toBars, toLabel } from "./results-fields.js";
import { usualColumns } from "./results-show.js";

/** The files that were compared. */
export interface ComparedFiles {
  readonly requests: string | undefined;
  readonly a: readonly string[];
  readonly b: readonly string[];
}

type TextOptions = Pick<CommandIo, "colors"> & { readonly columns: number };

const maxFields = 12;
const maxPairs = 5;
const maxLines = 3;
const maxPlaces = 10;

/** How far two results agree, and where they don't. */
export function toComparisonText(
  comparison: Comparison,
  files: ComparedFiles,
  { colors, outColumns: columns = usualColumns }: Pick<CommandIo, "colors" | "outColumns">,
): string {
  const { compared, fields, differences } = comparison;
  const inside = { colors, columns: columns - 4 };
  const more = fields.length - maxFields;
  const lines = [
    `${colors.bold(toPlainText(files.requests ?? files.a.join(", ")))}: ${toVerdict(comparison, colors)}`,
    `    A: ${toSide(files.a, comparison.models.a)}`,
    `    B: ${toSide(files.b, comparison.models.b)}`,
    ...toUncomparedLines(comparison),
    ...(compared === 0 ? [] : toFieldBars(fields.slice(0, maxFields), inside)),
    ...(more > 0 ? [`    and ${countOf(more, "more place")}: --json has them all`] : []),
    ...fields.slice(0, maxFields).flatMap((field) => toPairLines(field, inside)),
    ...differences.flatMap((difference) => ["", ...toDifferenceLines(difference, { colors, columns })]),
    ...toRestLines(comparison),
  ];
  return `${lines.join("\n")}\n`;
}

function toVerdict({ compared, agreed }: Comparison, { green, red }: CommandIo["colors"]): string {
  if (compared === 0) return red("no request has a usable answer on both sides");
  const share = agreed === compared ? "all" : `${formatCount(agreed)} of`;
  const text = `${share} ${countOf(compared, "pair")} of answers agree`;
  return agreed === compared ? green(text) : red(text);
}

function toSide(paths: readonly string[], models: Readonly<Record<string, number>>): string {
  const names = Object.keys(models).slice(0, maxPairs).map(quoteName);
  return toPlainText(`${paths.join(", ")}${names.length === 0 ? "" : ` (${names.join(", ")})`}`);
}

function toUncomparedLines({ onlyA, onlyB, neither }: Comparison): readonly string[] {
  const parts = [
    ...(onlyA === 0 ? [] : [`${formatCount(onlyA)} usable in A alone`]),
    ...(onlyB === 0 ? [] : [`${formatCount(onlyB)} in B alone`]),
    ...(neither === 0 ? [] : [`${formatCount(neither)} in neither`]),
  ];
  return parts.length === 0 ? [] : [`    not compared: ${parts.join(", ")}`];
}

/** A bar for each place: how often both have the same there. */
function toFieldBars(fields: readonly FieldAgreement[], options: TextOptions): readonly string[] {
  const bars = fields.map(({ path, agreed, compared }) => ({
    label: toPlainText(path),
    count: agreed,
    total: compared,
  }));
  return toBars(bars, { ...options, longest: Math.max(...fields.map(({ compared }) => compared)) });
}

/** Which values stand against which, where few pairs come again and again. */
function toPairLines({ path, pairs, hasMorePairs }: FieldAgreement, options: TextOptions): readonly string[] {
  const again = hasMorePairs ? [] : pairs.filter(({ count }) => count > 1).slice(0, maxPairs);
  if (again.length === 0) return [];
  const head = `    ${options.colors.bold(cutToWidth(toPlainText(path), options.columns - 12))}, A → B:`;
  const room = (options.columns - 20) >> 1;
  const side = (value: (typeof again)[number]["a"]): string =>
    cutToWidth(value === null ? "null" : toLabel(value), room);
  return [head, ...again.map(({ a, b, count }) => `        ${formatCount(count)} × ${side(a)} → ${side(b)}`)];
}

function toDifferenceLines({ custom_id, a, b, fields }: Difference, options: TextOptions): readonly string[] {
  const { colors, columns } = options;
  const head = colors.bold(cutToWidth(quoteName(custom_id), columns - 1));
  if (fields.length === 0) return [head, `  ${colors.red(`${toPlainText(a)} → ${toPlainText(b)}`)}`];
  const more = fields.length - maxPlaces;
  return [
    head,
    ...fields.slice(0, maxPlaces).flatMap((field) => toPlaceLines(field, options)),
    ...(more > 0 ? [`  and ${countOf(more, "more place")}`] : []),
  ];
}

/** Both values in one line, or else each in lines of its own. */
function toPlaceLines(
  { path, a, b }: Difference["fields"][number],
  { colors, columns }: TextOptions,
): readonly string[] {
  const name = cutToWidth(toPlainText(path), columns >> 1);
  const [one, other] = [toText(a), toText(b)];
  const line = `  ${name}: ${toPlainText(one)} → ${toPlainText(other)}`;
  if (displayWidth(line) <= columns) {
    return [
      `  ${colors.dim(`${name}:`)} ${colors.red(toPlainText(one))} → ${colors.green(toPlainText(other))}`,
    ];
  }
  return [
    `  ${colors.dim(`${name}:`)}`,
    ...toSideLines("A", one, columns).map(colors.red),
    ...toSideLines("B", other, columns).map(colors.green),
  ];
}

function toSideLines(side: string, text: string, columns: number): readonly string[] {
  const room = columns - 8;
  const lines = wrapText(text.slice(0, room * maxLines * 2), room);
  const isCut = lines.length > maxLines || text.length > room * maxLines * 2;
  const shown = isCut ? [...lines.slice(0, maxLines - 1), `… ${formatCount(text.length)} characters`] : lines;
  return shown.map((line, index) => `    ${index === 0 ? side : " "}  ${line}`);
}

function toText(value: unknown): string {
  if (value === undefined) return "(nothing)";
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

function toRestLines({ compared, agreed, onlyA, onlyB, differences }: Comparison): readonly string[] {
  const more = compared - agreed + onlyA + onlyB - differences.length;
  return more > 0
    ? ["", `and ${countOf(more, "request")} more: --to differences.csv or --json has them all`]
    : [];
}
