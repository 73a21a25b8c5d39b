import type { RowOutcome } from "./row-outcome.js";

/** Some rows of those that a filter lets through. */
export interface RowPage {
  /** How many it lets through, as far as that is known. */
  readonly total: number;
  /** Whether all rows were looked at. */
  readonly isComplete: boolean;
  /** The position of the first of them among all. */
  readonly from: number;
  readonly columns: readonly string[];
  readonly rows: readonly RowCells[];
}

export interface RowCells {
  /** Its place in the batch file or, without one, among the results, from 0. */
  readonly row: number;
  readonly custom_id: string;
  readonly outcome: RowOutcome;
  /** The code of its cause. */
  readonly cause: string | undefined;
  /** In the order of the columns; `null` where there is nothing. */
  readonly cells: readonly (string | null)[];
}
