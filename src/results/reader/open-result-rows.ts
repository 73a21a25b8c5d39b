import type { OpenFile } from "../../files/index.js";
import type { MaybePromise } from "../../format/index.js";
import type { Result } from "../answer/result.js";
import type { OpenResultsOptions } from "./read-results-options.js";
import type { Strays } from "./results.js";

/**
 * The results of a batch by their position, in the order of the batch file or, without one, in that of the results files. What
 * was found so far can be read while the files are still gone through.
 */
export interface ResultRows {
  /** Rows found so far. */
  readonly count: number;
  readonly strays: Strays;
  readonly files: { readonly requests: OpenFile | undefined; readonly results: readonly OpenFile[] };
  /** Finds all rows, and where their results stand. To be called once. */
  index(): Promise<void>;
  /**
   * Finds what has come to the last results file, of which so many bytes are there now. Gives the rows that have a result now;
   * nothing where all has to be read anew.
   */
  extend(bytes: number): Promise<readonly number[] | undefined>;
  /** Goes through all results, once they are found. */
  readAll(): AsyncIterator<Result>;
  /** A promise where the answer is checked by a library's own validator. */
  read(row: number): MaybePromise<Result>;
  /** The line with the result as it stands there, if there is one. */
  readLine(row: number): string | undefined;
  /** The line of the batch file, as it stands there. */
  readRequest(row: number): string | undefined;
  find(custom_id: string): number | undefined;
  /** Frees what makes finding by id fast, for who does so now and then. */
  forgetIds(): void;
  /** The row that a line of one of the files belongs to. */
  findLine(line: Buffer): number | undefined;
  close(): Promise<void>;
}

/** As for opened results; there may be no results file yet. */
export type ResultRowsOptions = Pick<
  OpenResultsOptions,
  "requests" | "from" | "signal" | "onProgress" | "format"
> & {
  readonly results: readonly (string | URL)[];
};

/** @throws OpenbatchError for a file that cannot be opened. */
export async function openResultRows(options: ResultRowsOptions): Promise<ResultRows> {
  const { ResultReader } = await import("./result-reader.js");
  const reader = await ResultReader.start({ ...options, notesAll: false });
  return {
    get count() {
      return reader.count;
    },
    strays: reader.strays,
    get files() {
      return reader.files;
    },
    index: () => reader.index({ notesAll: false }),
    extend: (bytes) => reader.extend(bytes),
    readAll: () => reader.readAll(),
    read: (row) => reader.read(row),
    readLine: (row) => reader.readLine(row),
    readRequest: (row) => reader.readRequest(row),
    find: (custom_id) => reader.find(custom_id),
    forgetIds: () => reader.forgetIds(),
    findLine: (line) => reader.findLine(line),
    close: () => reader.close(),
  };
}
