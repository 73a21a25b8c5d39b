import type { WrittenTable } from "../../rows/index.js";
import type { Result } from "../answer/result.js";
import type { ResultCounts } from "../reader/results.js";
import type { FieldAgreement, FieldDifference } from "./field-agreement.js";

/** How far two answers to each request agree. */
export interface Comparison {
  /** Requests with a result on either side. */
  readonly requests: number;
  /** Those with a usable answer on both sides, which are compared, and how many of them are the same at every place. */
  readonly compared: number;
  readonly agreed: number;
  /** Requests with a usable answer on one side alone, or on none. */
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
  /** How many answers each model gave, by the name that the service writes. */
  readonly models: {
    readonly a: Readonly<Record<string, number>>;
    readonly b: Readonly<Record<string, number>>;
  };
  /** How often they agree at each place in the answers: the first hundred places. */
  readonly fields: readonly FieldAgreement[];
  /** The first requests whose answers are not the same, or of which one side alone has a usable one: ten by default. */
  readonly differences: readonly Difference[];
}

/** A request whose answers do not agree. */
export interface Difference {
  readonly custom_id: string;
  /** The line of the batch file. `undefined` without the batch file. */
  readonly requestLine: number | undefined;
  /** What became of it on each side: `usable`, the code of a problem, or the status of a request without an answer. */
  readonly a: string;
  readonly b: string;
  /** Where the answers differ; nothing where one side has none. */
  readonly fields: readonly FieldDifference[];
}

export interface CompareResultsOptions {
  /** How many differences are listed. 10 by default. */
  readonly listed?: number | undefined;
  /** Told each difference, also those that are not listed; waited for. */
  readonly onDifference?: ((difference: Difference) => void | Promise<void>) | undefined;
  /** Told how many results were compared, after each. */
  readonly onProgress?: ((results: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The part of opened results that is compared. */
export interface ComparableResults extends AsyncIterable<Result> {
  readonly counts: ResultCounts;
  get(custom_id: string): Promise<Result | undefined>;
  has(custom_id: string): boolean;
}

/** What was written of a comparison. */
export interface ExportedDifferences extends WrittenTable {
  readonly comparison: Comparison;
}
