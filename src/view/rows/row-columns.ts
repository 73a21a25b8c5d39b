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
const reading = rowOutcomes.indexOf("reading");
const pending = rowOutcomes.indexOf("pending");

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
  /** Whether what is missing is not lost: nothing was run yet, or a run is under way. */
  mayStillCome: boolean;

  /**
   * @param causeNumbers the numbers of causes that were found before; those of others are added.
   */
  constructor(mayStillCome: boolean, causeNumbers?: Map<string, number>) {
    this.mayStillCome = mayStillCome;
    this.causes = new CauseGroups(causeNumbers);
  }

  /** Rows that were added. */
  get length(): number {
    return this.#outcomes.length;
  }

  add(result: Result): void {
    this.#outcomes.push(reading);
    this.#causes.push(0);
    this.#look(this.length - 1, result);
  }

  /** Takes the result of a row that had none before, or of the next row. */
  settle(row: number, result: Result): void {
    if (row === this.length) return this.add(result);
    this.causes.remove(this.#causes.get(row), result.custom_id);
    const before = this.#outcomes.get(row);
    this.#counts[before] = (this.#counts[before] ?? 0) - 1;
    this.#look(row, result);
  }

  #look(row: number, result: Result): void {
    const outcome = rowOutcomes.indexOf(toOutcome(result, this.mayStillCome));
    this.#outcomes.set(row, outcome);
    this.#counts[outcome] = (this.#counts[outcome] ?? 0) + 1;
    // What may still come has no cause.
    this.#causes.set(row, rowOutcomes[outcome] === "pending" ? 0 : (this.causes.add(result) ?? 0));
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

  /** Rows that may still come. */
  *listPending(): Iterable<number> {
    for (let row = 0; row < this.length; row += 1) if (this.#outcomes.get(row) === pending) yield row;
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
