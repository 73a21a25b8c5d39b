import { readExhaustedMs, readRetryAfterMs, type TransportFailure } from "../../http/index.js";
import {
  type Cause,
  isNotNow,
  isOutage,
  isUnreached,
  isWorthRetrying,
  recogniseCause,
  recogniseOddSuccess,
  type ServerAnswer,
} from "../../outcome/index.js";
import type { Answered, Unanswered } from "./lane.js";
import type { Again, Ended } from "./layer.js";
import { type AnswerBody, readAnswer } from "./read-answer.js";
import type { RequestUnderWay } from "./request-under-way.js";

/** What becomes of a request after an attempt that ended so. */
type Judgement = Pick<Ended, "outcome" | "cause" | "again">;

export function judgeAnswer(answer: ServerAnswer, request: RequestUnderWay): Ended {
  const read = readAnswer(answer);
  const end = read === undefined ? judgeUnreadable(answer, request) : judgeRead(answer, read, request);
  const { status, body, header } = answer;
  return {
    kind: "ended",
    ...end,
    // 500 is a mistake of the server in this request, which fewer at once would not mend.
    isRefusal: status === 429 || isOutage(status),
    heard: {
      status,
      length: body.length,
      json: read?.json,
      exhaustedMs: readExhaustedMs(header, request.request.estimatedTokens),
    },
  };
}

function judgeRead(answer: ServerAnswer, read: AnswerBody, request: RequestUnderWay): Judgement {
  const outcome = toAnswered(answer, read, request);
  if (answer.status < 300) return { outcome, cause: recogniseOddSuccess(read.json) };
  const cause = recogniseCause(answer, read.json, request.request);
  if (cause?.kind === "quota" || !isWorthRetrying(answer)) return { outcome, cause };
  const kind = isNotNow(answer.status) ? "not now" : "failure";
  const waitMs = readRetryAfterMs(answer.header) ?? 0;
  const isAbsence = cause?.kind === "outage" && kind === "failure" && waitMs === 0;
  const again: Again = { kind, reason: `status ${answer.status}`, waitMs };
  return { outcome, cause, again: isAbsence ? { ...again, absence: "perhaps away" } : again };
}

/** @param failure any but one that we ended ourselves. */
export function judgeFailure(failure: TransportFailure, request: RequestUnderWay): Ended {
  const isRefusal = failure.kind === "too_large" ? undefined : true;
  return { kind: "ended", ...judgeUnanswered(failure, request), isRefusal, heard: undefined };
}

function judgeUnanswered(failure: TransportFailure, request: RequestUnderWay): Judgement {
  const { kind, message, systemCode } = failure;
  if (kind === "too_large") {
    const text = `The server's answer is too large: ${message}.`;
    return { outcome: toUnanswered(request, "response_too_large", text), cause: undefined };
  }
  const reason = `${message}${systemCode === undefined ? "" : ` (${systemCode})`}`;
  const outcome =
    kind === "timeout"
      ? toUnanswered(request, "request_timeout", `There was ${reason}.`)
      : toUnanswered(request, "connection_failed", `The connection failed: ${reason}.`);
  const cause: Cause = { kind: "server", seen: message, systemCode };
  const again: Again = { kind: "failure", reason, waitMs: 0 };
  if (kind === "timeout") return { outcome, cause, again };
  return { outcome, cause, again: { ...again, absence: isUnreached(cause) ? "away" : "perhaps away" } };
}

function judgeUnreadable({ status, body }: ServerAnswer, request: RequestUnderWay): Judgement {
  const seen = `status ${status} with a body of ${body.length} characters`;
  const reason = `${seen} that is no JSON`;
  return {
    outcome: toUnanswered(request, "invalid_response_body", `The server answered with ${reason}.`),
    cause: { kind: "body", seen },
    again: { kind: "failure", reason, waitMs: 0 },
  };
}

function toAnswered(answer: ServerAnswer, { body, json }: AnswerBody, request: RequestUnderWay): Answered {
  const { status, header } = answer;
  const requestId = header("x-request-id") || `req_${crypto.randomUUID().replaceAll("-", "")}`;
  return { kind: "answered", status, requestId, body, json, ...request.toAttempts() };
}

function toUnanswered(request: RequestUnderWay, code: string, message: string): Unanswered {
  return { kind: "unanswered", error: { code, message }, ...request.toAttempts() };
}
