import { addUsage, isObject, noUsage, type Usage } from "../../api/index.js";
import { countOf, formatCount, toPlainText, withText } from "../../errors/index.js";
import { kindOfFinish } from "../../outcome/index.js";
import type { Result } from "../answer/result.js";
import type { ResultCounts, Results, StrayKind, Strays } from "../reader/results.js";
import { DefaultColumns } from "../tables/default-columns.js";
import { AnswerFields } from "./answer-fields.js";
import { CauseGroups, type ResultCause } from "./cause-groups.js";
import { Histogram, type Quantiles } from "./histogram.js";
import { NameCounts } from "./name-counts.js";
import { addAnswer, noUsageYet, type UsageTotal } from "./usage-total.js";
import type { AnswerField } from "./value-counts.js";

/** What became of the requests of a batch, in numbers. */
export interface ResultsSummary {
  readonly counts: ResultCounts;
  /** Answers without a problem. */
  readonly usable: number;
  /** Answers with one: refused, cut off, filtered, empty, not JSON, or not fitting their schema. */
  readonly problems: number;
  /** Why requests have no usable answer, the most frequent cause first. */
  readonly causes: readonly ResultCause[];
  /** What the answers that were taken took. */
  readonly usage: UsageTotal;
  /** How many requests have more than one line in the results files: they were asked again. */
  readonly askedAgain: number;
  /** What all answers took, those that were not taken too. */
  readonly spent: Usage;
  /** The tokens of one answer, in and out; `undefined` where no answer says what it took. */
  readonly tokens: { readonly input: Quantiles; readonly output: Quantiles } | undefined;
  /** What stands in the usable answers, for each place in them: the first hundred places. */
  readonly fields: readonly AnswerField[];
  /** How many answers each model gave, by the name that the service writes: the first hundred models. */
  readonly models: Readonly<Record<string, number>>;
  /** How many answers end with a word that no service is known to write, by the word: the first twenty words. They are usable all the same. */
  readonly unknownFinishes: Readonly<Record<string, number>>;
  /** How many usable answers are odd, by the code of their note: `fenced_answer`. */
  readonly notes: Readonly<Record<string, number>>;
  /** The columns that show what the results hold: those that `exportResults` and `joinResults` write by default. */
  readonly columns: readonly string[];
  /** The lines that no result was made of, and how many of those listed are of each kind. */
  readonly strays: Strays & { readonly kinds: Readonly<Partial<Record<StrayKind, number>>> };
}

export interface SummarizeResultsOptions {
  /** Told how many results were counted, after each. */
  readonly onProgress?: (results: number) => void;
  readonly signal?: AbortSignal;
}

/** The part of opened results that a summary is made of. */
export type SummarizedResults = AsyncIterable<Result> & Pick<Results, "counts" | "strays">;

/**
 * Counts what became of the requests of a batch: by status, by cause, with the tokens of all answers.
 *
 * @example
 * ```ts
 * import { openResults, summarizeResults } from "openbatch";
 *
 * await using results = await openResults({ requests: "requests.jsonl", results: "results.jsonl" });
 * const { counts, usable, causes } = await summarizeResults(results);
 * console.log(`${usable} of ${counts.total}`, causes);
 * ```
 */
export async function summarizeResults(
  results: SummarizedResults,
  { onProgress, signal }: SummarizeResultsOptions = {},
): Promise<ResultsSummary> {
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
