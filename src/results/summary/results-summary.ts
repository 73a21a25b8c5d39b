import type { Usage } from "../../api/index.js";
import type { Result } from "../answer/result.js";
import type { ResultCounts, Results, StrayKind, Strays } from "../reader/results.js";
import type { ResultCause } from "./cause-groups.js";
import type { Quantiles } from "./histogram.js";
import type { UsageTotal } from "./usage-total.js";
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
  /** Answers of models beyond the first hundred. */
  readonly otherModels: number;
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
  readonly onProgress?: ((results: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The part of opened results that a summary is made of. */
export type SummarizedResults = AsyncIterable<Result> & Pick<Results, "counts" | "strays">;
