import { addUsage, isObject, noUsage, type Usage } from "../../api/index.js";
import { countOf, formatCount, toPlainText, withText } from "../../errors/index.js";
import { kindOfFinish } from "../../outcome/index.js";
import { assertResults } from "../reader/assert-results.js";
import type { StrayKind, Strays } from "../reader/results.js";
import { DefaultColumns } from "../tables/default-columns.js";
import { AnswerFields } from "./answer-fields.js";
import { CauseGroups } from "./cause-groups.js";
import { Histogram } from "./histogram.js";
import { NameCounts } from "./name-counts.js";
import type { ResultsSummary, SummarizedResults, SummarizeResultsOptions } from "./results-summary.js";
import { addAnswer, noUsageYet } from "./usage-total.js";

/** Goes through results once and counts them, as `summarizeResults` says. */
export async function countResults(
  results: SummarizedResults,
  { onProgress, signal }: SummarizeResultsOptions,
): Promise<ResultsSummary> {
  assertResults(results, Symbol.asyncIterator, "counts", "strays");
  const causes = new CauseGroups();
  const columns = new DefaultColumns();
  const fields = new AnswerFields();
  const tokens = new AnswerTokens();
  const models = new NameCounts(100);
  const unknownFinishes = new NameCounts(20);
  const notes = new NameCounts(20);
  let seen = 0;
  let usable = 0;
  let usage = noUsageYet;
  let askedAgain = 0;
  let spent = noUsage;
  for await (const result of results) {
    signal?.throwIfAborted();
    causes.add(result);
    columns.add(result);
    if (result.rounds > 1) askedAgain += 1;
    if (result.spent !== undefined) spent = addUsage(spent, result.spent);
    fields.add(result);
    if (result.status === "succeeded") {
      if (result.problem === undefined) usable += 1;
      notes.add(result.note?.code);
      usage = addAnswer(usage, result.usage);
      tokens.add(result.usage);
      models.add(isObject(result.body) ? result.body.model : undefined);
      if (isUnknownFinish(result.finish)) unknownFinishes.add(result.finish);
    }
    seen += 1;
    onProgress?.(seen);
  }
  const { counts, strays } = results;
  const summary: ResultsSummary = {
    counts,
    usable,
    problems: counts.succeeded - usable,
    causes: causes.list(),
    usage,
    askedAgain,
    spent,
    tokens: tokens.quantiles,
    fields: fields.list(),
    models: models.toRecord(),
    otherModels: models.others,
    unknownFinishes: unknownFinishes.toRecord(),
    notes: notes.toRecord(),
    columns: columns.list(),
    strays: { count: strays.count, listed: strays.listed, kinds: countKinds(strays) },
  };
  return withText(summary, toText);
}

const statuses = ["succeeded", "failed", "expired", "cancelled", "missing", "unreadable"] as const;

function toText({ counts, usable, causes, notes }: ResultsSummary): string {
  const found = statuses.filter((status) => counts[status] > 0);
  const lines = [
    `${formatCount(usable)} of ${countOf(counts.total, "request")} with a usable answer`,
    `status: ${found.map((status) => `${status} ${formatCount(counts[status])}`).join(", ")}`,
    ...causes.map(
      ({ code, rule, count }) =>
        `${toPlainText(rule === undefined ? code : `${code}, ${rule}`)}: ${countOf(count, "request")}`,
    ),
    ...Object.entries(notes).map(([code, count]) => `${code}: ${countOf(count, "usable answer")}`),
  ];
  return `${lines.join("\n    ")}\n`;
}

function isUnknownFinish(finish: string | undefined): boolean {
  return finish !== undefined && finish !== "" && kindOfFinish(finish) === undefined;
}

/** How many tokens single answers take. */
class AnswerTokens {
  readonly #input = new Histogram();
  readonly #output = new Histogram();

  add(usage: Usage | undefined): void {
    if (usage === undefined) return;
    this.#input.add(usage.input_tokens);
    this.#output.add(usage.output_tokens);
  }

  get quantiles(): ResultsSummary["tokens"] {
    const [input, output] = [this.#input.quantiles, this.#output.quantiles];
    return input === undefined || output === undefined ? undefined : { input, output };
  }
}

function countKinds({ listed }: Strays): Readonly<Partial<Record<StrayKind, number>>> {
  const kinds: Partial<Record<StrayKind, number>> = {};
  for (const { kind } of listed) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}
