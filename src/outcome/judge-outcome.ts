import { isObject } from "../api/index.js";
import { kindOfFinish } from "./answer/finish-words.js";
import { findFirstChoice } from "./answer/first-choice.js";
import { isAboutMoment, isAboutQuota, isAboutSize, statusOfError } from "./error-names.js";
import type { FailedOutcome, JudgedRequest, RequestOutcome } from "./outcome.js";
import { recogniseKind } from "./recognise-cause.js";
import type { ServiceError } from "./service-error.js";
import { quoteBody, readServiceError, toServiceError, unsaidError } from "./service-error.js";
import { isPassingStatus, isSuccessStatus, toStatus } from "./statuses.js";

type JsonObject = Readonly<Record<string, unknown>>;

const unknownRequest: JudgedRequest = { model: undefined };

/**
 * Tells what a line of an output or error file says, by the shapes that services are known to write: OpenAI puts the error of
 * an HTTP failure into `response.body.error` and leaves `error` null; vLLM and DeepInfra put it into `error`; some leave keys
 * out, or write `{}` for null.
 */
export function judgeLine(line: JsonObject, request = unknownRequest): RequestOutcome {
  const error = readServiceError(line.error);
  const { response } = line;
  if (isObject(response) && isWritten(response)) return judgeWritten(response, error, request);
  return error === undefined ? { status: "unreadable" } : judgeError(error);
}

/** What an endpoint answered: the same as of its line. */
export function judgeResponse(
  { status, json }: { readonly status: number; readonly json: unknown },
  request = unknownRequest,
): RequestOutcome {
  return judgeWritten({ status_code: status, body: json }, undefined, request);
}

/** Why a request was not answered: the same as of its line. */
export function judgeUnanswered(error: { readonly code: string; readonly message: string }): RequestOutcome {
  return judgeLine({ error });
}

function isWritten(response: JsonObject): boolean {
  for (const key in response) if (response[key] !== null) return true;
  return false;
}

function judgeError(error: ServiceError): RequestOutcome {
  return readUnexecuted(error) ?? toFailure({ status: undefined, error, request: unknownRequest });
}

const expiredMessage = /^this request could not be executed before the completion window expired/i;
const cancelledMessage = /^this request was not executed because the batch was cancell?ed/i;

/**
 * What is said of requests that were never executed, by code or, where a service writes none, in words. Source: OpenAI's batch guide, its
 * lines as users quote them, and the gateways that copy it, November 2026.
 */
function readUnexecuted(error: ServiceError): RequestOutcome | undefined {
  const { code, message } = error;
  if (code === "batch_expired" || expiredMessage.test(message)) return { status: "expired", error };
  if (code === "batch_cancelled" || code === "batch_canceled" || cancelledMessage.test(message))
    return { status: "cancelled", error };
  return undefined;
}

function judgeWritten(
  response: JsonObject,
  lineError: ServiceError | undefined,
  request: JudgedRequest,
): RequestOutcome {
  const { body } = response;
  const status = readStatus(response);
  const request_id = readRequestId(response);
  if (lineError !== undefined)
    return readUnexecuted(lineError) ?? toFailure({ status, error: lineError, request, request_id });
  if (status !== undefined && !isSuccessStatus(status)) {
    return toFailure({ status, error: readServiceError(body) ?? quoteBody(body), request, request_id });
  }
  if (!isObject(body)) return judgeOddBody(body, status, request);
  if (body.status === "cancelled") {
    return { status: "cancelled", error: readServiceError(body.error) ?? unsaidError };
  }
  const failure = findFailure(body);
  return failure === undefined
    ? { status: "succeeded", body, request_id }
    : toFailure({ status, request, request_id, ...failure });
}

function readStatus({ status_code }: JsonObject): number | undefined {
  return typeof status_code === "number" ? status_code : toStatus(status_code);
}

/** Google wraps an error in an array; an empty array, or any other value, is no answer. */
function judgeOddBody(body: unknown, status: number | undefined, request: JudgedRequest): RequestOutcome {
  const error = Array.isArray(body) ? readServiceError(body) : undefined;
  return error === undefined
    ? { status: "unreadable" }
    : toFailure({ status, error, request, inside: "body" });
}

/** What a body says that is none of a success, whatever the status of the response. */
function findFailure(body: JsonObject): Pick<Failure, "error" | "inside"> | undefined {
  const error = readServiceError(body.error) ?? readBaseResponse(body);
  // Responses and videos have a status of their own.
  if (body.status === "failed") return { error: error ?? unsaidError, inside: "body" };
  if (error !== undefined) {
    // xAI writes the code beside the text.
    const whole = typeof body.error === "string" ? readServiceError(body) : undefined;
    return { error: whole ?? error, inside: "body" };
  }
  const choice = findFirstChoice(body);
  if (choice !== undefined) return findChoiceFailure(choice);
  const bare = readBareError(body);
  return bare && { error: bare, inside: "body" };
}

/** Where answers hold what was asked for. */
export const answerMembers =
  "choices output data results content text embedding embeddings images segments tokens".split(" ");

/** What a body says that is an error itself, and holds no answer. */
function readBareError(body: JsonObject): ServiceError | undefined {
  if (answerMembers.some((name) => body[name] !== undefined && body[name] !== null)) return undefined;
  const error = toServiceError(body);
  const isCalledError = body.object === "error" || body.type === "error" || body.success === false;
  return isCalledError || hasWords(body) ? error : undefined;
}

function hasWords({ message, msg, detail, errors }: JsonObject): boolean {
  return [message, msg, detail].some((said) => typeof said === "string" && said !== "") || isFilled(errors);
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** OpenRouter puts what its provider said into the choice; others say it with the word that ends the answer. */
function findChoiceFailure(choice: JsonObject): Pick<Failure, "error" | "inside"> | undefined {
  const error = readServiceError(choice.error);
  if (error !== undefined) return { error, inside: "choice" };
  const { finish_reason: word } = choice;
  const kind = typeof word === "string" ? kindOfFinish(word) : undefined;
  if (kind !== "failed" && kind !== "not now") return undefined;
  return { error: toServiceError({ code: word, message: `finish_reason: ${word}` }), inside: "choice" };
}

/** MiniMax says every failure so, with 200. */
function readBaseResponse({ base_resp }: JsonObject): ServiceError | undefined {
  if (!isObject(base_resp) || !base_resp.status_code) return undefined;
  return toServiceError({ code: base_resp.status_code, message: base_resp.status_msg });
}

interface Failure {
  readonly status: number | undefined;
  readonly error: ServiceError;
  readonly request: JudgedRequest;
  readonly inside?: FailedOutcome["inside"];
  readonly request_id?: string | undefined;
}

/** Failures without a status that would be the same again; the last is the executor's. */
const finalCodes: ReadonlySet<string | undefined> = new Set([
  "invalid_request_error",
  "invalid_request",
  "response_too_large",
]);

function toFailure({ status, error, request, inside, request_id }: Failure): FailedOutcome {
  const statusCode = toStatusCode(status, error);
  const cause = statusCode !== undefined ? recogniseKind({ statusCode, error, inside }, request) : undefined;
  return {
    status: "failed",
    statusCode,
    error,
    retryable: isRetryable(statusCode, error, inside),
    cause,
    inside,
    request_id,
  };
}

/** vLLM repeats the status in the error; DeepInfra writes it nowhere else. Some write 0 or -1, whatever it was. */
function toStatusCode(status: number | undefined, error: ServiceError): number | undefined {
  if (status === undefined || status < 100) return toStatus(error.code);
  return isSuccessStatus(status) ? (statusOfError(error) ?? status) : status;
}

/** A request for whose account there is no quota may not succeed later. */
function isRetryable(
  statusCode: number | undefined,
  error: ServiceError,
  inside: FailedOutcome["inside"],
): boolean {
  if (isAboutQuota(statusCode, error)) return false;
  if (statusCode === undefined) return !finalCodes.has(error.code) && !finalCodes.has(error.type);
  // What broke off in the middle, and says no status of why.
  if (inside === "choice" && isSuccessStatus(statusCode)) return kindOfFinish(error.code ?? "") !== "failed";
  return isAboutMoment(statusCode, error) || (isPassingStatus(statusCode) && !isAboutSize(error));
}

/** Moonshot writes an empty one. */
function readRequestId({ request_id }: JsonObject): string | undefined {
  return typeof request_id === "string" && request_id !== "" ? request_id : undefined;
}
