import type { RowFilter } from "../rows/row-filter.js";
import type { RowQuery } from "../source/view-source.js";
import { rowOutcomes } from "../wire/row-outcome.js";

const maxRows = 200;
const maxColumns = 40;
const maxTextLength = 1000;

/** What a browser asks for, as far as it can be meant; what cannot is left out. */
export function readRowQuery(query: URLSearchParams): RowQuery {
  return {
    from: toWholeNumber(query.get("from"), 0),
    count: Math.min(toWholeNumber(query.get("count"), 100), maxRows),
    columns: query.getAll("column").slice(0, maxColumns),
    filter: readFilter(query),
  };
}

export function readFilter(query: URLSearchParams): RowFilter {
  const outcomes = query.getAll("outcome");
  const cause = query.get("cause");
  const text = query.get("q")?.trim().slice(0, maxTextLength);
  return {
    outcomes: rowOutcomes.filter((outcome) => outcomes.includes(outcome)),
    cause: cause === null ? undefined : toWholeNumber(cause, 0),
    values: query.getAll("value").flatMap(readValue),
    text: text === "" ? undefined : text,
    onlyDifferent: query.get("differ") === "1",
  };
}

/** A number from 0 on. */
export function toWholeNumber(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}

/** `sentiment="good"`: a place, and what stands there as JSON writes it. */
function readValue(text: string): readonly (readonly [string, string])[] {
  const at = text.indexOf("=");
  return at === -1 ? [] : [[text.slice(0, at), text.slice(at + 1)]];
}
