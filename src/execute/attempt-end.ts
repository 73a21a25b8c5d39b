import type { Answered, LaneRequest, Unanswered } from "./lane.js";
import { readRetryAfterMs } from "./rate-limit-headers.js";
import type { AnswerBody } from "./read-answer.js";
import { type Cause, recogniseCause, recogniseOddSuccess } from "./recognise-cause.js";
import { isNotNow, isWorthRetrying } from "./retry-policy.js";
import type { TransportAnswer, TransportFailure } from "./transport.js";

/** How one attempt of a request ended. */
export interface AttemptEnd {
  /** What the outcome is, where there is no further attempt. */
  readonly result: WithoutAttempts<Answered> | WithoutAttempts<Unanswered>;
  /** Why others may fail too. */
  readonly cause: Cause | undefined;
  /** Set where a further attempt may end better. */
  readonly again?: Again;
}

type WithoutAttempts<Outcome> = Omit<Outcome, "attempts" | "ms">;

interface Again {
  readonly kind: "failure" | "not now";
  readonly reason: string;
  /** How long the server asks everyone to wait. */
  readonly waitMs: number;
}

/** @param read what the body holds; `undefined` where it tells success and holds no JSON. */
export function judgeAnswer(
  answer: TransportAnswer,
  read: AnswerBody | undefined,
  request: LaneRequest,
): AttemptEnd {
  if (read === undefined) return judgeUnreadable(answer);
  const result = toAnswered(answer, read);
  if (answer.status < 300) return { result, cause: recogniseOddSuccess(read.json) };
  const cause = recogniseCause(answer, read.json, request);
  if (cause?.kind === "quota" || !isWorthRetrying(answer)) return { result, cause };
  const kind = isNotNow(answer.status) ? "not now" : "failure";
  const waitMs = readRetryAfterMs(answer.header) ?? 0;
  return { result, cause, again: { kind, reason: `status ${answer.status}`, waitMs } };
}

/** @param failure any but one that we ended ourselves. */
export function judgeFailure({ kind, message, systemCode }: TransportFailure): AttemptEnd {
  if (kind === "too_large") {
    const text = `The server's answer is too large: ${message}.`;
    return { result: toUnanswered("response_too_large", text), cause: undefined };
  }
  const reason = `${message}${systemCode === undefined ? "" : ` (${systemCode})`}`;
  const result =
    kind === "timeout"
      ? toUnanswered("request_timeout", `There was ${reason}.`)
      : toUnanswered("connection_failed", `The connection failed: ${reason}.`);
  const cause: Cause = { kind: "server", seen: message, systemCode };
  return { result, cause, again: { kind: "failure", reason, waitMs: 0 } };
}

function judgeUnreadable({ status, body }: TransportAnswer): AttemptEnd {
  const seen = `status ${status} with a body of ${body.length} characters`;
  const reason = `${seen} that is no JSON`;
  return {
    result: toUnanswered("invalid_response_body", `The server answered with ${reason}.`),
    cause: { kind: "body", seen },
    again: { kind: "failure", reason, waitMs: 0 },
  };
}

function toAnswered({ status, header }: TransportAnswer, read: AnswerBody): WithoutAttempts<Answered> {
  const requestId = header("x-request-id") || `req_${crypto.randomUUID().replaceAll("-", "")}`;
  return { kind: "answered", status, requestId, body: read.body, json: read.json };
}

function toUnanswered(code: string, message: string): WithoutAttempts<Unanswered> {
  return { kind: "unanswered", error: { code, message } };
}
