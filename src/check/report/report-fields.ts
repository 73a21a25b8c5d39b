import type { RequestTarget } from "../../api/index.js";
import type { ProfileName } from "../../providers/index.js";
import type { Finding } from "./finding.js";

/** Where a file is to go, which decides what it may hold: "upload" is OpenAI. */
export type ValidationTarget = RequestTarget | ProfileName;

/** What a batch file holds. */
export interface ValidationStats {
  /** Lines that are not blank. */
  readonly totalRequests: number;
  /** Bytes of the file; of a compressed one, of what it holds. */
  readonly bytes: number;
  readonly uniqueCustomIds: number;
  /** Requests by url, in the order in which the urls appear: the first 1,000. */
  readonly endpoints: Readonly<Record<string, number>>;
  /** Requests by model, in the order in which the models appear: the first 1,000. */
  readonly models: Readonly<Record<string, number>>;
  /** Requests with a url beyond the first 1,000. */
  readonly otherEndpoints: number;
  /** Requests with a model beyond the first 1,000. */
  readonly otherModels: number;
  /** Inputs of all requests for `/v1/embeddings`. */
  readonly embeddingInputs: number;
  /** The longest line, without its line end. Line 0 of an empty file. */
  readonly longestLine: { readonly line: number; readonly bytes: number };
  readonly blankLines: number;
}

export interface ValidationReportFields {
  /** The path as it was given; "-" for standard input. */
  readonly file: string;
  readonly target: ValidationTarget;
  /** How many errors were found. A line may have several. */
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  /** One for each cause: errors first, then warnings, then notes, each by first line. */
  readonly findings: readonly Finding[];
  /** How many of the errors, warnings and notes belong to causes that are not listed, for there are too many. */
  readonly omitted: number;
  readonly stats: ValidationStats;
}
