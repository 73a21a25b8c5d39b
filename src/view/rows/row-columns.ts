import { isObject } from "../../api/index.js";
import { Column } from "../../jsonl/index.js";
import {
  addAnswer,
  CauseGroups,
  DefaultColumns,
  noUsageYet,
  type Result,
  type UsageTotal,
} from "../../results/index.js";
import { type RowOutcome, rowOutcomes } from "../wire/row-outcome.js";
import { FieldValues } from "./field-values.js";

const maxModels = 100;

/**
 * What was seen of the answers, in some numbers a row: what summaries, filters and plots are made of. Rows are added one after
 * the other.
 */
export class RowColumns {
  readonly causes = new CauseGroups();
  readonly fields = new FieldValues();
  readonly shown = new DefaultColumns();
  readonly models = new Map<string, number>();
  readonly inputTokens = new Column(Uint32Array);
  readonly outputTokens = new Column(Uint32Array);
  usage: UsageTotal = noUsageYet;
  readonly #outcomes = new Column(Uint8Array);
  readonly #causes = new Column(Uint16Array);
  readonly #counts = rowOutcomes.map(() => 0);
  readonly #mayStillCome: boolean;

  /** @param mayStillCome whether what is missing is not lost: nothing was run yet, or a run is under way. */
  constructor(mayStillCome: boolean) {
    this.#mayStillCome = mayStillCome;
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
    this.#causes.push(this.causes.add(result) ?? 0);
    this.shown.add(result);
    const usage = result.status === "succeeded" ? result.usage : undefined;
    this.inputTokens.push(usage?.input_tokens ?? 0);
    this.outputTokens.push(usage?.output_tokens ?? 0);
    if (result.status !== "succeeded") return;
    this.usage = addAnswer(this.usage, usage);
    this.#addModel(isObject(result.body) ? result.body.model : undefined);
    if (result.problem === undefined) this.fields.add(row, result.parsed);
  }

  outcomeOf(row: number): RowOutcome {
    return (row < this.length ? rowOutcomes[this.#outcomes.get(row)] : undefined) ?? "reading";
  }

  /** The number of its cause, 0 for a usable answer. */
  causeOf(row: number): number {
    return row < this.length ? this.#causes.get(row) : 0;
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
