import type { RequestLine } from "../../batch-file/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Between lines of a batch file and those of a service whose lines are others. A service that takes ours has none. */
export interface LineTranslator {
  /** Says a request as the service does, or why it cannot be said there. */
  translate(request: RequestLine): TranslatedRequest | UnsayableRequest;
  /** A line of the service, without a line feed. */
  toServiceLine(custom_id: string, request: TranslatedRequest): string;
  /** The id in a line of the service's results. */
  readResultId(line: JsonObject): string | undefined;
  /** A line of the service's results as one of ours; `undefined` where it is none of the service's. */
  toOurLine(line: JsonObject, origin: ResultOrigin): JsonObject | undefined;
}

export interface TranslatedRequest {
  readonly kind: "translated";
  /** Where it goes at the service. */
  readonly url: string;
  readonly model: string | undefined;
  /** What is asked, as JSON. */
  readonly body: string;
  /** Whether the request was the service's own already: then its answer is too. */
  readonly isNative: boolean;
  /** The most tokens that the answer may have. */
  readonly maxTokens: number | undefined;
  /** What is left out because it changes no answer, and what is chosen for the request. */
  readonly warnings: readonly TranslationNote[];
}

/** A request whose answer would be another one at the service. */
export interface UnsayableRequest {
  readonly kind: "unsayable";
  readonly obstacles: readonly TranslationNote[];
}

export interface TranslationNote {
  /** In the line: `body.messages[0].content`. */
  readonly path: string;
  /** A sentence without content of the request. */
  readonly message: string;
  /** The way out; empty where none is needed. */
  readonly hint: string;
}

/** What a line of results is turned into one of ours with. */
export interface ResultOrigin {
  /** As the user wrote it. */
  readonly custom_id: string;
  readonly isNative: boolean;
  /** When its batch ended, in seconds since 1970: the service's own lines do not say. */
  readonly created: number;
  /** Where the service's own line is kept. */
  readonly source: { readonly file: string; readonly line: number };
}
