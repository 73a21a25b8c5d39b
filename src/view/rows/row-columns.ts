import { isObject } from "../../api/index.js";
import { Column } from "../../jsonl/index.js";
import {
  AnswerFields,
  addAnswer,
  CauseGroups,
  DefaultColumns,
  noUsageYet,
  type Result,
  type UsageTotal,
  ValueCounts,
} from "../../results/index.js";
import { type RowOutcome, rowOutcomes } from "../wire/row-outcome.js";
import type { NamedSpread } from "../wire/source-summary.js";
import { toRangedSpread } from "./field-counts.js";
import { RowValues } from "./row-values.js";

const maxModels = 100;

/**
 * What was seen of the answers, in some numbers a row: what summaries, filters and plots are made of. Rows are added one after
 * the other.
 */
export class RowColumns {
  readonly causes: CauseGroups;
  readonly fields = new AnswerFields();
  readonly values = new RowValues();
  readonly shown = new DefaultColumns();
  readonly models = new Map<string, number>();
  readonly #inputTokens = new ValueCounts("tokens in");
  readonly #outputTokens = new ValueCounts("tokens out");
  usage: UsageTotal = noUsageYet;
  readonly #outcomes = new Column(Uint8Array);
  readonly #causes = new Column(Uint16Array);
  readonly #counts = rowOutcomes.map(() => 0);
  readonly #mayStillCome: boolean;

  /**
   * @param mayStillCome whether what is missing is not lost: nothing was run yet, or a run is under way.
   * @param causeNumbers the numbers of causes that were found before; those of others are added.
   */
  constructor(mayStillCome: boolean, causeNumbers?: Map<string, number>) {
    this.#mayStillCome = mayStillCome;
    this.causes = new CauseGroups(causeNumbers);
  }

  /** Rows that were added. */
  get length(): number {
    return this.#outcomes.length;
  }

  add(result: Result): void {
    const row = this.length;
    const outcome = rowOutcomes.indexOf(toOutcome(result, this.#mayStillCome));
    this.#outcomes.push(outcome);
    this.#counts[outcome] = (this.#counts[outcome] ?? 0) + 1;
    // What may still come has no cause.
    this.#causes.push(rowOutcomes[outcome] === "pending" ? 0 : (this.causes.add(result) ?? 0));
    this.shown.add(result);
    const usage = result.status === "succeeded" ? result.usage : undefined;
    this.fields.add(result);
    this.values.add(row, result);
    if (result.status !== "succeeded") return;
    this.usage = addAnswer(this.usage, usage);
    if (usage !== undefined) {
      this.#inputTokens.add(usage.input_tokens);
      this.#outputTokens.add(usage.output_tokens);
    }
    this.#addModel(isObject(result.body) ? result.body.model : undefined);
  }

  outcomeOf(row: number): RowOutcome {
    return (row < this.length ? rowOutcomes[this.#outcomes.get(row)] : undefined) ?? "reading";
  }

  /** The number of its cause, 0 for a usable answer. */
  causeOf(row: number): number {
    return row < this.length ? this.#causes.get(row) : 0;
  }

  /** How great the tokens of an answer are. */
  spreads(): readonly NamedSpread[] {
    return [this.#inputTokens, this.#outputTokens].flatMap((counts) => {
      const { path: name, numbers } = counts.toField();
      return numbers === undefined ? [] : [{ name, spread: toRangedSpread(numbers) }];
    });
  }

  counts(): Partial<Record<RowOutcome, number>> {
    const found = rowOutcomes.map((outcome, index) => [outcome, this.#counts[index] ?? 0] as const);
    return Object.fromEntries(found.filter(([, count]) => count > 0));
  }

  #addModel(model: unknown): void {
    if (typeof model !== "string" || (!this.models.has(model) && this.models.size >= maxModels)) return;
    this.models.set(model, (this.models.get(model) ?? 0) + 1);
  }
}

export function toOutcome(result: Result, mayStillCome: boolean): RowOutcome {
  if (result.status === "succeeded") return result.problem === undefined ? "usable" : "problem";
  return result.status === "missing" && mayStillCome ? "pending" : result.status;
}
