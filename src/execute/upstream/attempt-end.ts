import type { TransportFailure } from "../../http/index.js";
import { readRetryAfterMs } from "../../http/index.js";
import type { ServerAnswer } from "../../outcome/index.js";
import {
  type Cause,
  isNotNow,
  isUnreached,
  isWorthRetrying,
  recogniseCause,
  recogniseOddSuccess,
} from "../../outcome/index.js";
import type { AbsenceSign } from "./absence.js";
import type { Answered, Unanswered } from "./lane.js";
import type { PendingRequest } from "./pending-request.js";
import type { AnswerBody } from "./read-answer.js";

/** How one attempt of a request ended. */
export interface AttemptEnd {
  /** What became of the request, where there is no further attempt. */
  readonly outcome: Answered | Unanswered;
  /** Why others may fail too. */
  readonly cause: Cause | undefined;
  /** Set where a further attempt may end better. */
  readonly again?: Again;
}

export interface Again {
  readonly kind: "failure" | "not now";
  readonly reason: string;
  /** How long the server asks everyone to wait. */
  readonly waitMs: number;
  /** Set where the server may be away. */
  readonly absence?: AbsenceSign;
}

/** @param read what the body holds; `undefined` where it tells success and holds no JSON. */
export function judgeAnswer(
  answer: ServerAnswer,
  read: AnswerBody | undefined,
  pending: PendingRequest,
): AttemptEnd {
  if (read === undefined) return judgeUnreadable(answer, pending);
  const outcome = toAnswered(answer, read, pending);
  if (answer.status < 300) return { outcome, cause: recogniseOddSuccess(read.json) };
  const cause = recogniseCause(answer, read.json, pending.request);
  if (cause?.kind === "quota" || !isWorthRetrying(answer)) return { outcome, cause };
  const kind = isNotNow(answer.status) ? "not now" : "failure";
  const waitMs = readRetryAfterMs(answer.header) ?? 0;
  const isAbsence = cause?.kind === "outage" && kind === "failure" && waitMs === 0;
  const again: Again = { kind, reason: `status ${answer.status}`, waitMs };
  return { outcome, cause, again: isAbsence ? { ...again, absence: "perhaps away" } : again };
}

/** @param failure any but one that we ended ourselves. */
export function judgeFailure(failure: TransportFailure, pending: PendingRequest): AttemptEnd {
  const { kind, message, systemCode } = failure;
  if (kind === "too_large") {
    const text = `The server's answer is too large: ${message}.`;
    return { outcome: toUnanswered(pending, "response_too_large", text), cause: undefined };
  }
  const reason = `${message}${systemCode === undefined ? "" : ` (${systemCode})`}`;
  const outcome =
    kind === "timeout"
      ? toUnanswered(pending, "request_timeout", `There was ${reason}.`)
      : toUnanswered(pending, "connection_failed", `The connection failed: ${reason}.`);
  const cause: Cause = { kind: "server", seen: message, systemCode };
  const again: Again = { kind: "failure", reason, waitMs: 0 };
  if (kind === "timeout") return { outcome, cause, again };
  return { outcome, cause, again: { ...again, absence: isUnreached(cause) ? "away" : "perhaps away" } };
}

function judgeUnreadable({ status, body }: ServerAnswer, pending: PendingRequest): AttemptEnd {
  const seen = `status ${status} with a body of ${body.length} characters`;
  const reason = `${seen} that is no JSON`;
  return {
    outcome: toUnanswered(pending, "invalid_response_body", `The server answered with ${reason}.`),
    cause: { kind: "body", seen },
    again: { kind: "failure", reason, waitMs: 0 },
  };
}

function toAnswered(answer: ServerAnswer, { body, json }: AnswerBody, pending: PendingRequest): Answered {
  const { status, header } = answer;
  const requestId = header("x-request-id") || `req_${crypto.randomUUID().replaceAll("-", "")}`;
  return { kind: "answered", status, requestId, body, json, ...pending.toAttempts() };
}

function toUnanswered(pending: PendingRequest, code: string, message: string): Unanswered {
  return { kind: "unanswered", error: { code, message }, ...pending.toAttempts() };
}
