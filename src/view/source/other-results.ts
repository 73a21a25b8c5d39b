import {
  DefaultColumns,
  FieldAgreements,
  openResultRows,
  type Result,
  type ResultRows,
  type ResultRowsOptions,
  toComparedAnswer,
} from "../../results/index.js";
import { toOutcome } from "../rows/row-columns.js";
import { RowSet } from "../rows/row-set.js";
import type { OtherDetail } from "../wire/row-detail.js";
import type { SourceComparison } from "../wire/source-summary.js";
import { toDetailAnswer, toDetailProblem } from "./detail-parts.js";

/** Other results of the same requests: of another model, or of another prompt. */
export class OtherResults {
  /** Rows whose answers differ. */
  readonly different = new RowSet();
  readonly #rows: ResultRows;
  readonly #names: readonly string[];
  readonly #fields = new FieldAgreements();
  readonly #shown = new DefaultColumns();
  #compared = 0;

  static async open(options: Omit<ResultRowsOptions, "onProgress">): Promise<OtherResults> {
    return new OtherResults(await openResultRows(options), options.results.map(String));
  }

  private constructor(rows: ResultRows, names: readonly string[]) {
    this.#rows = rows;
    this.#names = names;
  }

  index(): Promise<void> {
    return this.#rows.index();
  }

  /** Rows are compared one after the other. */
  async compare(row: number, result: Result): Promise<void> {
    const one = toComparedAnswer(result);
    const found = await this.find(result.custom_id);
    if (found !== undefined) this.#shown.add(found);
    const other = toComparedAnswer(found);
    this.#compared += 1;
    // Where neither has an answer, there is nothing that could differ.
    if (one === undefined && other === undefined) return;
    const isSame = one !== undefined && other !== undefined && this.#fields.add(one, other).length === 0;
    if (!isSame) this.different.add(row);
  }

  async find(custom_id: string): Promise<Result | undefined> {
    const row = this.#rows.find(custom_id);
    return row === undefined ? undefined : this.#rows.read(row);
  }

  async readDetail(custom_id: string): Promise<OtherDetail> {
    const result = await this.find(custom_id);
    return {
      file: this.#names.join(", "),
      outcome: result === undefined ? "missing" : toOutcome(result, false),
      answer: result === undefined ? undefined : toDetailAnswer(result),
      problem: result === undefined ? undefined : toDetailProblem(result),
    };
  }

  /** The columns that show what these results hold, as far as they were compared. */
  get shown(): readonly string[] {
    return this.#shown.list();
  }

  summary(): SourceComparison {
    return {
      files: this.#names,
      compared: this.#compared,
      different: this.different.count,
      fields: this.#fields.list().map(({ path, compared, agreed }) => ({ path, compared, agreed })),
    };
  }

  close(): Promise<void> {
    return this.#rows.close();
  }
}
