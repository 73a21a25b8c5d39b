import type { RowOutcome } from "./row-outcome.js";

/** One request beside what became of it. */
export interface RowDetail {
  readonly row: number;
  readonly custom_id: string;
  readonly outcome: RowOutcome;
  /** Its position among the rows that the filter lets through, from 0; `undefined` where it is not among them. */
  readonly position: number | undefined;
  /** How many the filter lets through. */
  readonly total: number;
  readonly url: string | undefined;
  readonly requestLine: number | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** `undefined` without the batch file. */
  readonly request: DetailRequest | undefined;
  readonly answer: DetailAnswer | undefined;
  readonly problem: DetailProblem | undefined;
  /** What became of it elsewhere, where other results are compared. */
  readonly other: OtherDetail | undefined;
  /** The row of the joined table that the request was made of. */
  readonly table: Readonly<Record<string, string>> | undefined;
}

export interface OtherDetail {
  readonly file: string;
  readonly outcome: RowOutcome;
  readonly answer: DetailAnswer | undefined;
  readonly problem: DetailProblem | undefined;
}

export interface DetailRequest {
  readonly messages: readonly RequestMessage[];
  /** Everything else that is asked for: model, temperature, format, ..., as JSON. */
  readonly settings: string;
}

export interface RequestMessage {
  readonly role: string;
  readonly text: string;
}

export interface DetailAnswer {
  readonly text: string | undefined;
  readonly refusal: string | undefined;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[];
  /** Images whose bytes are in the answer. */
  readonly images: number;
  /** Images that are elsewhere, and are not fetched. */
  readonly imagesElsewhere: number;
  /** What else was answered, as JSON, where there is neither text nor image. */
  readonly body: string | undefined;
  readonly finish: string | undefined;
  readonly note: string | undefined;
  readonly model: string | undefined;
  readonly usage: { readonly input: number; readonly output: number } | undefined;
}

/** Why the answer cannot be used, or why there is none. */
export interface DetailProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly statusCode: number | undefined;
  /** With a schema that is not met: the places in the answer, and what is said of each. */
  readonly issues: readonly DetailIssue[];
}

export interface DetailIssue {
  readonly path: readonly string[];
  readonly message: string;
}
