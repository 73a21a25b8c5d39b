import type { RequestRef } from "../../collect/index.js";
import type { Result, UsableAnswer } from "../answer/result.js";

/** How many requests ended how. */
export interface ResultCounts {
  /** Results in all: one for each request. Strays are not among them. */
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly missing: number;
  readonly unreadable: number;
  readonly strays: number;
}

/** A line that no result was made of. */
export interface Stray {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly kind: StrayKind;
  /** Where one could be read. */
  readonly custom_id?: string;
  /** With `foreign_line`: whose line it is. */
  readonly service?: string;
}

export type StrayKind =
  /** A result that no request of the batch file asked for. */
  | "no_request"
  /** Not one whole JSON object, and no `custom_id` can be read: a merge-conflict marker, a cut line, a record over several lines. */
  | "broken_line"
  /** A JSON object without a `custom_id`. */
  | "no_custom_id"
  /** A line of another service, in that service's own shape, without a `custom_id`. */
  | "foreign_line"
  /** Another line for the same request was taken: a succeeded one, or the last. */
  | "duplicate"
  /** A line of the batch file from which no `custom_id` can be read. */
  | "broken_request"
  /** A line of the batch file whose `custom_id` an earlier line has. */
  | "duplicate_request";

/** The lines that no result was made of: all of them counted, the first 1,000 listed. */
export interface Strays {
  readonly count: number;
  readonly listed: readonly Stray[];
}

/**
 * The results of a batch, one for each request: to go through, as often as wanted, and to look up. Until it is closed it holds
 * the files open, about 60 bytes for each request, and 16 MiB of ids at most.
 */
export interface Results<Item extends Result = Result> extends AsyncIterable<Item>, AsyncDisposable {
  readonly counts: ResultCounts;
  readonly strays: Strays;
  /** The result of a request, by what the collector gave for it, by another result, or by its `custom_id`. */
  get<Parsed = undefined>(
    request: RequestRef<Parsed> | Named | string,
  ): Promise<ResultFor<Item, Parsed> | undefined>;
  /** Whether there is a result for a request, be it a missing one. */
  has(request: Named | string): boolean;
  /**
   * The line of the batch file that asked for a result, as it stands there, without its line end. `undefined` where it is not
   * there, or without the batch file.
   */
  readRequest(request: Named | string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Whatever has a `custom_id`: a request, a `RequestRef`, a result. */
export interface Named {
  readonly custom_id: string;
}

/** Of the results that there may be, those that a request of such a format can have. */
export type ResultFor<Item, Parsed> = [Parsed] extends [undefined]
  ? Item
  : Item extends UsableAnswer<infer _Url, infer Held, infer _Name>
    ? [Parsed] extends [Held]
      ? Item
      : never
    : Item;

/** The part of opened results that rows are joined with. */
export type JoinableResults = AsyncIterable<Result> &
  Pick<Results, "counts" | "has"> & { get(custom_id: string): Promise<Result | undefined> };
