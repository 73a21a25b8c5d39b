import type { ResultRows } from "../../results/index.js";
import type { RowColumns } from "../rows/row-columns.js";
import { FilteredRows, isOpen, type RowFilter } from "../rows/row-filter.js";
import type { RowSet } from "../rows/row-set.js";
import { type SearchedFile, TextSearch } from "../rows/text-search.js";

/** So many are kept: each takes an eighth of a byte a row. */
const maxKept = 20;

/** Rows that a filter lets through, in their order. */
export interface RowView {
  readonly total: number;
  /** Whether all rows were looked at. */
  readonly isComplete: boolean;
  readonly at: (position: number) => number | undefined;
  readonly positionOf: (row: number) => number | undefined;
}

export interface RowViewsOptions {
  readonly rows: ResultRows;
  readonly columns: RowColumns;
  /** Everything that people look for in the request of a row, and in its result. */
  readonly readRequestTexts: SearchedFile["readTexts"];
  readonly readResultTexts: SearchedFile["readTexts"];
  /** Rows whose answers differ from those of other results, where there are others. */
  readonly different: RowSet | undefined;
  /** Told why a search ended before its end. */
  readonly onFailure: (error: unknown) => void;
}

/** The views that were asked for last. */
export class RowViews {
  readonly #options: RowViewsOptions;
  readonly #filtered = new Map<string, FilteredRows>();
  readonly #searches = new Map<string, { readonly search: TextSearch; readonly stop: AbortController }>();

  constructor(options: RowViewsOptions) {
    this.#options = options;
  }

  /** @param isRead whether all answers were looked at. */
  open(filter: RowFilter, isRead: boolean): RowView {
    const { rows, different } = this.#options;
    const search = filter.text === undefined ? undefined : this.#search(filter.text);
    const sets = [
      ...(isOpen(filter) ? [] : [this.#filter(filter)]),
      ...(search === undefined ? [] : [search.set]),
      ...(filter.onlyDifferent && different !== undefined ? [different] : []),
    ];
    const [first, ...others] = sets;
    if (first === undefined) return toWhole(rows.count, isRead);
    const all = others.reduce((set, other) => set.and(other), first);
    const isSearched = search === undefined || search.isComplete;
    return toView(all, isSearched && (isRead || (search !== undefined && sets.length === 1)));
  }

  /** Begins anew with all of them: rows are others, or there are more. */
  forget(): void {
    this.#filtered.clear();
    this.close();
  }

  close(): void {
    for (const { stop } of this.#searches.values()) stop.abort();
    this.#searches.clear();
  }

  #filter(filter: RowFilter): RowSet {
    const key = JSON.stringify({ ...filter, text: undefined, onlyDifferent: false });
    const known = this.#filtered.get(key) ?? new FilteredRows(filter);
    keep(this.#filtered, key, known);
    known.extend(this.#options.columns);
    return known.set;
  }

  /** A search goes on until it is done, or so many others were begun since. */
  #search(text: string): TextSearch {
    const known = this.#searches.get(text) ?? this.#begin(text);
    keep(this.#searches, text, known)?.stop.abort();
    return known.search;
  }

  #begin(text: string) {
    const { rows, readRequestTexts, readResultTexts, onFailure } = this.#options;
    const { requests, results } = rows.files;
    const stop = new AbortController();
    const search = new TextSearch(text, {
      files: [
        ...(requests === undefined ? [] : [{ file: requests, readTexts: readRequestTexts }]),
        ...results.map((file) => ({ file, readTexts: readResultTexts })),
      ],
      findRow: (line) => rows.findLine(line),
      signal: stop.signal,
    });
    search.run().catch((error: unknown) => {
      if (!stop.signal.aborted) onFailure(error);
    });
    return { search, stop };
  }
}

/** Puts what was used last at the end. Gives what has to go. */
function keep<Kept>(kept: Map<string, Kept>, key: string, value: Kept): Kept | undefined {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size <= maxKept || oldest === undefined) return undefined;
  const gone = kept.get(oldest);
  kept.delete(oldest);
  return gone;
}

function toWhole(count: number, isComplete: boolean): RowView {
  const isThere = (row: number): number | undefined => (row >= 0 && row < count ? row : undefined);
  return { total: count, isComplete, at: isThere, positionOf: isThere };
}

function toView(set: RowSet, isComplete: boolean): RowView {
  return {
    total: set.count,
    isComplete,
    at: (position) => set.at(position),
    positionOf: (row) => (set.has(row) ? set.positionOf(row) : undefined),
  };
}
