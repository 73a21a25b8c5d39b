import type { Endpoint, Usage } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { AnswerProblem, ServiceError, ToolCall } from "../../outcome/index.js";
import type { AnswerBody } from "./answer-bodies.js";

/**
 * What became of one request: exactly one for each. Told apart by `status`; a succeeded one also by `url`, by `format`, and by
 * whether it has a `problem`.
 */
export type Result<Parsed = unknown, Name extends string | undefined = string | undefined> =
  | SucceededResult<Parsed, Name>
  | UnsuccessfulResult;

/**
 * The results of a file whose requests ask for several formats: `parsed` is typed by the name in `format`. Where a request
 * asks for none, both are `undefined`.
 */
export type ResultByFormat<Values extends Readonly<Record<string, unknown>>> =
  | { [Name in keyof Values & string]: UsableResult<Values[Name], Name> }[keyof Values & string]
  | UsableResult<undefined, undefined>
  | ProblemResult<(keyof Values & string) | undefined>
  | UnsuccessfulResult;

/** The service answered: with something to use, or with a problem. */
export type SucceededResult<Parsed = unknown, Name extends string | undefined = string | undefined> =
  | UsableResult<Parsed, Name>
  | ProblemResult<Name>;

/** An answer that is whole and, where a format is known, fits it. What `unwrap()` gives. */
export type UsableResult<Parsed = unknown, Name extends string | undefined = string | undefined> =
  | { [Url in Endpoint]: UsableAnswer<Url, Parsed, Name> }[Endpoint]
  | UsableAnswer<undefined, Parsed, Name>;

/** An answer that is not what was asked for: refused, cut off, filtered, empty, not JSON, or not fitting its schema. */
export type ProblemResult<Name extends string | undefined = string | undefined> =
  | { [Url in Endpoint]: ProblemAnswer<Url, Name> }[Endpoint]
  | ProblemAnswer<undefined, Name>;

/** A result without an answer. */
export type UnsuccessfulResult =
  | FailedResult
  | ExpiredResult
  | CancelledResult
  | MissingResult
  | UnreadableResult;

interface ResultOrigin {
  readonly custom_id: string;
  /** The line of the batch file that asked for it, counted from 1. `undefined` without the batch file. */
  readonly requestLine: number | undefined;
  /**
   * How many lines the results files have for it: more than one where it was asked again, by `--repair` for example. The others
   * are strays. A line that was replaced is in no file any more.
   */
  readonly rounds: number;
  /** What all its answers took together, those that were not taken too. `undefined` where none says it. */
  readonly spent: Usage | undefined;
}

interface LineOrigin extends ResultOrigin {
  /** The results file that it was read from, as it was given. */
  readonly file: string;
  /** Its line there, counted from 1. */
  readonly line: number;
}

interface UnsuccessfulOrigin {
  /** The endpoint that was asked, as far as it is known. */
  readonly url: Endpoint | undefined;
  /** Throws a {@link ResultError}. */
  unwrap(): never;
}

interface Answer<Url extends Endpoint | undefined, Name extends string | undefined> extends LineOrigin {
  readonly status: "succeeded";
  /** The endpoint that answered; without the batch file, the one that such an answer comes from. */
  readonly url: Url;
  /** What the endpoint answered, as the service wrote it. */
  readonly body: AnswerBody<Url>;
  /** The name of the format that the request asked for. */
  readonly format: Name;
  /**
   * The text of the answer: the content of the first choice of a chat, every `output_text` part of a response, one after the
   * other. `undefined` where there is none, as beside tool calls, and for endpoints that answer with something else.
   */
  readonly text: string | undefined;
  /** The first embedding. */
  readonly embedding: Float32Array | undefined;
  readonly toolCalls: readonly ToolCall[];
  /** The words in which the model refused. */
  readonly refusal: string | undefined;
  /**
   * Why the answer ends, in the words of chat completions for every endpoint: `stop`, `length` (it was cut off), `tool_calls`,
   * `content_filter`, or whatever else the service says. `undefined` where it says nothing.
   */
  readonly finish: string | undefined;
  /** What this answer took. */
  readonly usage: Usage | undefined;
  /** The service's id of the exchange. Some services send none. */
  readonly request_id: string | undefined;
  /** The line as it stands in the results file, parsed, with whatever else the service wrote. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A usable answer of one endpoint, see {@link UsableResult}. */
export interface UsableAnswer<
  Url extends Endpoint | undefined = Endpoint | undefined,
  Parsed = unknown,
  Name extends string | undefined = string | undefined,
> extends Answer<Url, Name> {
  /** The answer as the format makes it. `undefined` where no format is known. */
  readonly parsed: Parsed;
  readonly problem: undefined;
  /** What is odd about the answer, which is usable all the same: that its JSON stands in a code fence. */
  readonly note: Problem | undefined;
  /** All embeddings, in the order of the inputs. */
  readonly embeddings: readonly Float32Array[];
  /** Gives the result itself: it is usable. */
  unwrap(): UsableAnswer<Url, Parsed, Name>;
}

/** An answer of one endpoint with a problem, see {@link ProblemResult}. */
export interface ProblemAnswer<
  Url extends Endpoint | undefined = Endpoint | undefined,
  Name extends string | undefined = string | undefined,
> extends Answer<Url, Name> {
  readonly parsed: undefined;
  readonly problem: AnswerProblem;
  readonly note: undefined;
  /** All embeddings, each at the place of its input; `undefined` where one is missing or cannot be used. */
  readonly embeddings: readonly (Float32Array | undefined)[];
  /** Throws a {@link ResultError} with the code of the problem. */
  unwrap(): never;
}

/** The service or the server answered with an error, or did not answer. */
export interface FailedResult extends LineOrigin, UnsuccessfulOrigin {
  readonly status: "failed";
  /** The HTTP status. `undefined` where the request was never answered. */
  readonly statusCode: number | undefined;
  readonly error: ServiceError;
  /**
   * Whether the same request may well succeed when it is sent again: after 408, 409, 429 (but `insufficient_quota`), 5xx, and
   * where there was no answer.
   */
  readonly retryable: boolean;
  readonly request_id: string | undefined;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The batch ended before the request was executed (`batch_expired`). */
export interface ExpiredResult extends LineOrigin, UnsuccessfulOrigin {
  readonly status: "expired";
  readonly error: ServiceError;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The batch was cancelled before the request was executed (`batch_cancelled`), or the response itself was. */
export interface CancelledResult extends LineOrigin, UnsuccessfulOrigin {
  readonly status: "cancelled";
  readonly error: ServiceError;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The request is in the batch file, and in none of the results files. */
export interface MissingResult extends ResultOrigin, UnsuccessfulOrigin {
  readonly status: "missing";
}

/** There is a line for the request, but it is broken, or holds neither an answer nor an error. */
export interface UnreadableResult extends LineOrigin, UnsuccessfulOrigin {
  readonly status: "unreadable";
  /** What is wrong with the line. */
  readonly problem: Problem;
}
