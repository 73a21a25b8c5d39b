import type { RowOutcome } from "../wire/row-outcome.js";
import type { RowColumns } from "./row-columns.js";
import { RowSet } from "./row-set.js";

/** Which rows are wanted: those for which all of it holds. */
export interface RowFilter {
  /** One of these; any, where there are none. */
  readonly outcomes: readonly RowOutcome[];
  /** The number of the cause. */
  readonly cause: number | undefined;
  /** Values at places of the answer, as JSON writes them. */
  readonly values: readonly (readonly [path: string, value: string])[];
  /** A text that is in the request, in the answer or in the id. */
  readonly text: string | undefined;
  /** Whether only rows are wanted whose answers differ from those of other results. */
  readonly onlyDifferent: boolean;
}

/** Whether a filter lets every row through, but for the text and for other results. */
export function isOpen({ outcomes, cause, values }: RowFilter): boolean {
  return outcomes.length === 0 && cause === undefined && values.length === 0;
}

/** The rows that a filter lets through, but for its text and other results: as many as were looked at so far. */
export class FilteredRows {
  readonly set = new RowSet();
  readonly #filter: RowFilter;
  #looked = 0;

  constructor(filter: RowFilter) {
    this.#filter = filter;
  }

  /** Looks at the rows that have come since. */
  extend(columns: RowColumns): void {
    for (; this.#looked < columns.length; this.#looked += 1) {
      if (this.#holds(columns, this.#looked)) this.set.add(this.#looked);
    }
  }

  #holds(columns: RowColumns, row: number): boolean {
    const { outcomes, cause, values } = this.#filter;
    if (outcomes.length > 0 && !outcomes.includes(columns.outcomeOf(row))) return false;
    if (cause !== undefined && columns.causeOf(row) !== cause) return false;
    return values.every(([path, value]) => columns.values.has(row, path, value));
  }
}
