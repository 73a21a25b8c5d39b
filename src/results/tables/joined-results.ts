import type { RowTemplate } from "../../collect/index.js";
import type { ReadRowsOptions, WriteRowsOptions } from "../../rows/index.js";
import type { ExportedResults } from "./exported-results.js";

export interface JoinResultsOptions extends WriteRowsOptions {
  /** The columns of the results, as paths: see `exportResults`. They stand behind the columns of the rows. */
  readonly columns?: readonly string[] | undefined;
  /**
   * What tells the `custom_id` of a row: the name of a column that holds it, or the `custom_id` of the template, as in
   * `review-{id}`. By default it is found out: the number of the row, for the ids that a template without one of its own gives
   * (`row-000001`), or a column with the same text before and behind it.
   */
  readonly on?: string | undefined;
  /**
   * In place of `on`: the template that the requests were made with, which tells the id of each row; the one way where the ids are
   * hashes of what is asked (`custom_id: { hash: request }`).
   */
  readonly template?: RowTemplate | undefined;
  /** How the table of rows is read, where its name does not tell. */
  readonly read?:
    | Pick<
        ReadRowsOptions,
        "format" | "header" | "headerRow" | "sheet" | "delimiter" | "quote" | "encoding" | "onNote"
      >
    | undefined;
}

/** What was written, and what has no counterpart. */
export interface JoinedResults extends ExportedResults {
  /** What the ids were found to be made of: a column, `review-{id}`, or the number of the row. */
  readonly joinedBy: string;
  /** Rows without a result: their cells are empty. Listed are the numbers of the first ten. */
  readonly rowsWithoutResult: { readonly count: number; readonly listed: readonly number[] };
  /** Results that no row asked for, and that are not in the table. Listed are the first ten. */
  readonly resultsWithoutRow: { readonly count: number; readonly listed: readonly string[] };
}
