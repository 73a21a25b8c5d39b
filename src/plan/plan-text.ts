import { countOf, formatCount, toPlainText } from "../errors/index.js";
import { findProfile } from "../providers/index.js";
import type { BatchPlan, PlannedPart, PlannedPrice, PlannedTokens, UnplacedRequest } from "./batch-plan.js";
import { toDollars } from "./dollars.js";
import type { TranslationWarning } from "./parts/translation-warnings.js";
import { toTable } from "./plan-table.js";

const maxListed = 20;

/** A plan for people: a table of its parts, within 80 columns. */
export function toPlanText(plan: BatchPlan): string {
  const { file, provider, requests, bytes, parts, unplaced, unplacedCount, unknowns } = plan;
  const { warnings = [] } = plan;
  const where = provider === "custom" ? "" : ` for ${findProfile(provider).title}`;
  const head = `${toPlainText(file)}${where}: ${countOf(requests, "request")}, ${toSize(bytes)}, in ${countOf(parts.length, "batch", "batches")}`;
  return [
    head,
    ...(parts.length === 0 ? [] : ["", ...toPartLines(parts)]),
    ...toMore(parts.length - maxListed, "more parts"),
    ...toSumLines(plan),
    ...(unplacedCount === 0 ? [] : ["", `${countOf(unplacedCount, "request")} that no batch can hold:`]),
    ...unplaced.slice(0, maxListed).flatMap(toUnplacedLines),
    ...toMore(unplacedCount - maxListed, "more requests"),
    ...(warnings.length === 0 ? [] : ["", "What changes on the way:", ...warnings.map(toWarningLine)]),
    ...(unknowns.length === 0 ? [] : ["", ...unknowns]),
  ].join("\n");
}

function toPartLines(parts: readonly PlannedPart[]): readonly string[] {
  const rows = parts.slice(0, maxListed).map(({ number, urls, models, requests, bytes, tokens, price }) => [
    `${number}`,
    listNames(
      urls.map((url) => url.replace(/^\/v\d+\//, "")),
      "endpoints",
    ),
    listNames(models, "models"),
    formatCount(requests),
    toSize(bytes),
    ...(tokens === undefined ? [] : [toTokens(tokens), toPrice(price)]),
  ]);
  const counted = parts[0]?.tokens === undefined ? [] : ["tokens", "price"];
  const head = ["part", "endpoint", "model", "requests", "size", ...counted];
  return toTable(head, rows, { left: [1, 2], narrow: 2 });
}

/** The sums of what was counted. */
function toSumLines({ parts, tokens, price, directPrice }: BatchPlan): readonly string[] {
  if (tokens === undefined || parts.length === 0) return [];
  const { outputAtMost, inputRange } = tokens;
  const output =
    outputAtMost === undefined ? "answers without a limit" : `at most ${formatCount(outputAtMost)} out`;
  return [
    "",
    `Tokens: ${toTokens(tokens)} in, ${output}`,
    ...(inputRange === undefined
      ? []
      : [`  in, 99 of 100 times: ${formatCount(inputRange.atLeast)} to ${formatCount(inputRange.atMost)}`]),
    ...toPriceLines([
      ["batches", price],
      ["openbatch run", directPrice],
    ]),
  ];
}

/** What is estimated has a mark. */
function toTokens({ input, isExact }: PlannedTokens): string {
  return `${isExact ? "" : "~"}${formatCount(input)}`;
}

function toPrice(price: PlannedPrice | undefined): string {
  if (price === undefined) return "?";
  return price.atMost === undefined ? `> ${toDollars(price.input)}` : `≤ ${toDollars(price.atMost)}`;
}

/** Prices under each other, with the columns that any of them has. */
function toPriceLines(prices: readonly (readonly [string, PlannedPrice | undefined])[]): readonly string[] {
  const known = prices.flatMap(([name, price]) => (price === undefined ? [] : [{ name, price }]));
  if (known.length === 0) return [];
  const isCached = known.some(({ price }) => price.cachedInput !== undefined);
  const isExpected = known.some(({ price }) => price.expected !== undefined);
  const rows = known.map(({ name, price: { input, cachedInput, expected, atMost } }) => [
    ...[name, toDollars(input)],
    ...(isCached ? [toDollars(cachedInput ?? input)] : []),
    ...(isExpected ? [toDollars(expected ?? input)] : []),
    atMost === undefined ? "no limit" : toDollars(atMost),
  ]);
  const head = ["price", "input", ...(isCached ? ["if cached"] : []), ...(isExpected ? ["expected"] : [])];
  return ["", ...toTable([...head, "at most"], rows, { left: [0], narrow: 0 })];
}

function listNames(names: readonly string[], noun: string): string {
  const [name = "", ...others] = names;
  return others.length === 0 ? toPlainText(name) : `${names.length} ${noun}`;
}

function toUnplacedLines({ line, custom_id, code, message, hint }: UnplacedRequest): readonly string[] {
  const id = toPlainText(JSON.stringify(custom_id.length > 64 ? `${custom_id.slice(0, 60)}…` : custom_id));
  return [`  line ${line}, custom_id ${id}: ${code}: ${message}`, `    hint: ${hint}`];
}

function toWarningLine({ path, message, requests, firstLine }: TranslationWarning): string {
  return `  ${toPlainText(path)}: ${message} (${countOf(requests, "request")}, first line ${formatCount(firstLine)})`;
}

function toMore(count: number, noun: string): readonly string[] {
  return count > 0 ? [`  … and ${formatCount(count)} ${noun}`] : [];
}

function toSize(bytes: number): string {
  if (bytes < 1_000_000) return `${formatCount(bytes)} bytes`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
