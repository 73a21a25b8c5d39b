import type { ServiceError } from "./service-error.js";

/**
 * What became of one request. It is judged once, in this room: from a line of results (`judgeLine`), or from the answer or the
 * failure that a request was sent for (`judgeResponse`, `judgeUnanswered`). All who count, retry, pause, stop, write or show results go by it.
 *
 * - answered: `succeeded`. With a problem where `findProblem` of its parts, or its format, tells one: cut off, filtered, refused,
 *   empty …; it stays a success, for it was paid for and would be much the same again.
 * - failed for itself: `failed`, and neither `retryable` nor with a `cause`. The same request would fail again.
 * - failed for now: `failed`, `retryable`. The same request may well succeed later.
 * - failed for everyone: `failed`, with a `cause` that would fail others too. Whether it did is known when others were sent.
 * - `expired`, `cancelled`: not executed, or not to its end.
 * - `unreadable`: neither an answer nor an error.
 */
export type RequestOutcome =
  | AnsweredOutcome
  | FailedOutcome
  | { readonly status: "expired" | "cancelled"; readonly error: ServiceError }
  | { readonly status: "unreadable" };

/** The service answered with what it was asked for, as far as can be told without its format. */
export interface AnsweredOutcome {
  readonly status: "succeeded";
  readonly body: Readonly<Record<string, unknown>>;
  readonly request_id: string | undefined;
}

export interface FailedOutcome {
  readonly status: "failed";
  /**
   * The status that the failure is treated as: that of the answer; of a failure inside a success, the one that it names. `undefined`
   * where there was no answer.
   */
  readonly statusCode: number | undefined;
  readonly error: ServiceError;
  /** Whether the same request may well succeed when it is sent again. */
  readonly retryable: boolean;
  /** Why others may fail too, all of them or those to the same model or url. */
  readonly cause: CauseKind | undefined;
  /** Where a success holds the failure: in the body itself, or in the choice, with what was generated till then. */
  readonly inside: "body" | "choice" | undefined;
  readonly request_id: string | undefined;
}

/** What fails more than one request. The first three are told by an answer that is none, or by none at all. */
export type CauseKind =
  | "server"
  | "body"
  | "redirect"
  | "outage"
  | "key"
  | "access"
  | "quota"
  | "rate"
  /** The limit of a day. */
  | "daily"
  | "model"
  | "url";

/** What is known of the request: that of a line whose batch file is not given is not. */
export interface JudgedRequest {
  readonly model: string | undefined;
}
