import type { RowFilter } from "../rows/row-filter.js";
import type { ViewSource } from "../source/view-source.js";
import { rowOutcomes } from "../wire/row-outcome.js";

/** A row that a report holds. */
export interface ChosenRow {
  readonly row: number;
  readonly cause: number | undefined;
}

const nothing: RowFilter = {
  outcomes: [],
  cause: undefined,
  values: [],
  text: undefined,
  onlyDifferent: false,
};

/** Some rows of each cause and of each kind, spread over all of the file. Of few rows they are all. */
export async function chooseRows(source: ViewSource, max: number): Promise<readonly ChosenRow[]> {
  const { causes, counts } = source.summary();
  const answered = rowOutcomes.filter((outcome) => outcome === "usable" && (counts[outcome] ?? 0) > 0);
  const groups = [
    ...causes.map(({ number, count }) => ({ filter: { ...nothing, cause: number }, cause: number, count })),
    ...answered.map((outcome) => ({
      filter: { ...nothing, outcomes: [outcome] },
      cause: undefined,
      count: counts[outcome] ?? 0,
    })),
  ];
  const chosen: ChosenRow[] = [];
  let left = max;
  // The smallest first: what one group leaves is for the others.
  const sorted = groups.sort((one, other) => one.count - other.count);
  for (const [index, { filter, cause, count }] of sorted.entries()) {
    const share = Math.min(count, Math.max(1, Math.floor(left / (sorted.length - index))));
    for (let number = 0; number < share && left > 0; number += 1) {
      const from = Math.floor((number * count) / share);
      const page = await source.readPage({ from, count: 1, filter, columns: ["custom_id"] });
      const row = page.rows[0]?.row;
      if (row !== undefined) chosen.push({ row, cause });
      left -= 1;
    }
  }
  return chosen.sort((one, other) => one.row - other.row);
}
