import { countOf } from "../../errors/index.js";
import type { TransportFailure } from "../../http/index.js";
import { findForeignNumber } from "../../jsonl/index.js";
import {
  type Cause,
  describeCause,
  type FailedOutcome,
  isNotNow,
  isRefusal,
  isUnreached,
  isWorthRetrying,
  readFacts,
  readWaitTimes,
  type ServerAnswer,
} from "../../outcome/index.js";
import type { Answered, Unanswered } from "./lane.js";
import type { Again, Ended } from "./layer.js";
import type { AnswerReader, JudgedAnswer } from "./read-answer.js";
import type { RequestUnderWay } from "./request-under-way.js";

/** What becomes of a request after an attempt that ended so. */
interface Judgement extends Pick<Ended, "outcome" | "cause" | "again"> {
  readonly isRefusal: boolean;
  readonly exhaustedMs: number;
}

const unlimited = { isRefusal: false, exhaustedMs: 0 };

export function judgeAnswer(answer: ServerAnswer, request: RequestUnderWay, reader: AnswerReader): Ended {
  const read = reader.read(answer, request.request);
  const { outcome, cause, again, isRefusal, exhaustedMs } =
    read === undefined ? judgeUnreadable(answer, request) : judgeRead(answer, read, request);
  const usage = outcome.kind === "answered" ? outcome.usage : undefined;
  const heard = { status: answer.status, length: answer.body.length, usage, exhaustedMs };
  // Member by member, here and below: a spread takes several times as long, and this is done for each answer.
  return { kind: "ended", outcome, cause, again, isRefusal, heard };
}

function judgeRead(answer: ServerAnswer, read: JudgedAnswer, request: RequestUnderWay): Judgement {
  const { judged } = read;
  const outcome = toAnswered(answer, read, request);
  const failure = judged.status === "failed" ? judged : undefined;
  const { estimatedTokens: tokensPerRequest } = request.request;
  const { header, headerNames } = answer;
  const waits = readWaitTimes({ header, headerNames, json: read.json, failure, tokensPerRequest });
  const { askedMs, exhaustedMs } = waits;
  if (failure === undefined) return { outcome, cause: undefined, isRefusal: false, exhaustedMs };
  const cause = describeCause(answer, failure);
  const end = { outcome, cause, isRefusal: isRefusal(failure.statusCode ?? 0), exhaustedMs };
  return isWorthRetrying(answer, failure, waits) ? { ...end, again: toAgain(failure, askedMs) } : end;
}

function toAgain({ statusCode = 0, cause, inside }: FailedOutcome, waitMs: number): Again {
  const kind = isNotNow(statusCode) ? "not now" : "failure";
  const isAbsence = cause === "outage" && kind === "failure" && waitMs === 0;
  const cost = inside === "choice" ? 2 : 1;
  const again: Again = { kind, reason: `status ${statusCode}`, waitMs, cost };
  return isAbsence ? { ...again, absence: "perhaps away" } : again;
}

/** @param failure any but one that we ended ourselves. */
export function judgeFailure(failure: TransportFailure, request: RequestUnderWay): Ended {
  const isRefusal = failure.kind === "too_large" ? undefined : true;
  return { kind: "ended", ...judgeUnanswered(failure, request), isRefusal, heard: undefined };
}

function judgeUnanswered(
  failure: TransportFailure,
  request: RequestUnderWay,
): Pick<Ended, "outcome" | "cause" | "again"> {
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
  const again: Again = { kind: "failure", reason, waitMs: 0, cost: 1 };
  if (kind === "timeout") return { outcome, cause, again };
  return { outcome, cause, again: { ...again, absence: isUnreached(cause) ? "away" : "perhaps away" } };
}

/** An answer with a number that JSON does not have is whole, and would have it again; any other body may be a proxy's. */
function judgeUnreadable({ status, body }: ServerAnswer, request: RequestUnderWay): Judgement {
  const seen = `status ${status} with a body of ${countOf(body.length, "character")}`;
  const number = findForeignNumber(body);
  const isStream = number === undefined && isEvents(body);
  const what = isStream ? "a stream of events" : number;
  const reason = `${seen} that is no JSON${what === undefined ? "" : `: ${what}`}`;
  const end = {
    ...unlimited,
    outcome: toUnanswered(request, "invalid_response_body", `The server answered with ${reason}.`),
    cause: { kind: "body", seen, said: number, isStream } as const,
  };
  if (number !== undefined) return end;
  return { ...end, again: { kind: "failure", reason, waitMs: 0, cost: 1 } };
}

const firstEvent = /^(?:data: ?[{["]|event: ?\w|id: ?\S|retry: ?\d|:)/;

/** Whether it is written as server-sent events are; some gateways write the end of a stream behind an answer that is JSON. */
function isEvents(body: string): boolean {
  return firstEvent.test(body.trimStart()) || body.trimEnd().endsWith("data: [DONE]");
}

function toAnswered(
  { status, header }: ServerAnswer,
  { body, json, judged }: JudgedAnswer,
  request: RequestUnderWay,
): Answered {
  const requestId = header("x-request-id") || `req_${crypto.randomUUID().replaceAll("-", "")}`;
  const { attempts, ms } = request.toAttempts();
  const { failure, problem, usage, tier } = readFacts(request.request.url, json, judged);
  return { kind: "answered", status, requestId, body, failure, problem, usage, tier, attempts, ms };
}

function toUnanswered(request: RequestUnderWay, code: string, message: string): Unanswered {
  return { kind: "unanswered", error: { code, message }, ...request.toAttempts() };
}
