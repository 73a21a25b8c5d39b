import type { RowOutcome } from "./row-outcome.js";

/** What is shown: the results of one batch file, or of a results file alone. */
export interface SourceName {
  readonly id: string;
  /** The file that was named, without its folder. */
  readonly name: string;
}

/** What is known of a source so far. */
export interface SourceSummary extends SourceName {
  readonly requests: string | undefined;
  readonly results: readonly string[];
  /** Whether the answers are made up. */
  readonly isRehearsal: boolean;
  /** How often the files were read, from 1: again after they have changed. */
  readonly readings: number;
  /** `finding`: the rows and their results are looked for. `reading`: the answers are looked at. */
  readonly state: "finding" | "reading" | "complete" | "failed";
  /** How much of the files is read, 0 to 1; `undefined` where that is not known. */
  readonly progress: number | undefined;
  /** With `failed`: why. */
  readonly failure: { readonly message: string; readonly hint: string } | undefined;
  /** Rows found so far. */
  readonly total: number;
  readonly counts: Readonly<Partial<Record<RowOutcome, number>>>;
  readonly causes: readonly CauseCount[];
  readonly fields: readonly FieldCount[];
  readonly tokens: {
    readonly answers: number;
    readonly input: number;
    readonly cached: number;
    readonly output: number;
    readonly reasoning: number;
  };
  /** How great tokens and times of an answer are. */
  readonly spreads: readonly NamedSpread[];
  readonly models: Readonly<Record<string, number>>;
  /** How long requests took from their first attempt on, in milliseconds, where a run has recorded it. */
  readonly times: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined;
  /** Other results of the same requests that they are held against. */
  readonly comparison: SourceComparison | undefined;
  /** The columns that can be shown. */
  readonly columns: readonly string[];
  /** Lines that no result was made of. */
  readonly strays: number;
}

export interface SourceComparison {
  readonly files: readonly string[];
  /** Rows that were compared so far, and those of them whose answers differ. */
  readonly compared: number;
  readonly different: number;
  /** How often answers to the same request agree, place by place. */
  readonly fields: readonly { readonly path: string; readonly compared: number; readonly agreed: number }[];
}

/** Why some rows have no usable answer. */
export interface CauseCount {
  /** By which rows are filtered. */
  readonly number: number;
  readonly status: string;
  readonly code: string;
  readonly statusCode: number | undefined;
  readonly message: string;
  readonly rule: string | undefined;
  readonly hint: string;
  readonly retryable: boolean;
  readonly count: number;
}

/** What usable answers hold at one place. */
export interface FieldCount {
  /** As a column has it: `parsed.mood`, `parsed.people[].name`; `text` of answers without a format. */
  readonly path: string;
  readonly count: number;
  readonly nulls: number;
  readonly distinct: number;
  /** Whether there are more different values than were told apart. */
  readonly hasMore: boolean;
  /** Of few values that come again and again: the most frequent first. */
  readonly values: readonly FieldValueCount[];
  /** Whether rows can be filtered by them. */
  readonly isFilter: boolean;
  readonly numbers: RangedSpread | undefined;
  /** Of texts, in characters. */
  readonly lengths: FieldSpread | undefined;
}

export interface FieldValueCount {
  /** As JSON writes it. */
  readonly value: string;
  readonly count: number;
}

export interface FieldSpread {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
}

export interface RangedSpread extends FieldSpread {
  readonly ranges: readonly FieldRange[];
}

export interface NamedSpread {
  readonly name: string;
  readonly spread: RangedSpread;
}

/** So many numbers are `from` or more, and less than `below`. */
export interface FieldRange {
  readonly from: number;
  readonly below: number;
  readonly count: number;
}
