import type { Misplaced } from "../../api/index.js";
import type { InferFormat } from "../../format/index.js";
import type { ProfileName } from "../../providers/index.js";
import type { FormatSources } from "../answer/answer-formats.js";
import type { Result, ResultByFormat } from "../answer/result.js";
import type { Stray } from "./results.js";

/** How far the reading is. */
export interface ResultsProgress {
  /** Results given so far. */
  readonly results: number;
  /** Gone through so far: the batch file once, results files a first time for their ids and a second time for the results. */
  readonly bytes: number;
  /** What there is to go through, about; `undefined` where a file is standard input, a pipe or compressed. */
  readonly totalBytes: number | undefined;
}

export interface OpenResultsOptions<
  Source extends object = object,
  Formats extends FormatSources = FormatSources,
> {
  /** The results files of a batch: output and error files alike, one or many. "-" is standard input; gzip is decompressed. */
  readonly results: string | URL | readonly (string | URL)[];
  /**
   * The batch file. With it there is a result for each of its requests, also for those that are in no results file, and what
   * belongs to no request is a stray.
   */
  readonly requests?: string | URL | undefined;
  /**
   * The service whose own lines the results are, where those are not the Batch API's: `"anthropic"`. With `requests`, ids that it refuses
   * come back as they were written. By default the lines are the Batch API's.
   */
  readonly from?: ProfileName | undefined;
  /** What every answer is: a schema of any library, or whatever else `toFormat` takes. */
  readonly format?: Source | undefined;
  /** What the answers are, by the name of the format in the request. Needs `requests`. */
  readonly formats?: Formats | undefined;
  /**
   * "requests": the order of the batch file, which is the default where it is given. "found": the order of the results files;
   * what is missing comes last. Where results stand in no order, "found" takes a third less time: each is read with those around it.
   */
  readonly order?: "requests" | "found" | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then while files are read. */
  readonly onProgress?: ((progress: ResultsProgress) => void) | undefined;
}

export interface ReadResultsOptions<
  Source extends object = object,
  Formats extends FormatSources = FormatSources,
> extends OpenResultsOptions<Source, Formats> {
  /** Called for each line that no result is made of. */
  readonly onStray?: ((stray: Stray) => void) | undefined;
}

/** What readers of results are not given, so that the compiler says what is. */
export interface SchemaAsFormat {
  /** @deprecated It is `format`. */
  readonly schema?: Misplaced<"Give the schema as format."> | undefined;
}

/** The results that given formats make. */
export type ResultOf<Source extends object, Formats extends FormatSources> = [Formats] extends [never]
  ? [Source] extends [never]
    ? Result
    : Result<InferFormat<Source>>
  : ResultByFormat<{ readonly [Name in keyof Formats]: InferFormat<Formats[Name]> }>;
