import { isObject } from "../api/index.js";
import { isRetryable } from "./is-retryable.js";
import type { ServiceError } from "./service-error.js";
import { readServiceError, unsaidError } from "./service-error.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What the line of a result says became of its request. */
export type LineOutcome =
  | { readonly status: "succeeded"; readonly body: JsonObject; readonly request_id: string | undefined }
  | {
      readonly status: "failed";
      readonly statusCode: number | undefined;
      readonly error: ServiceError;
      readonly retryable: boolean;
      readonly request_id: string | undefined;
    }
  | { readonly status: "expired" | "cancelled"; readonly error: ServiceError }
  /** It holds neither an answer nor an error. */
  | { readonly status: "unreadable" };

/**
 * Tells what a line of an output or error file says, by the shapes that services are known to write: OpenAI puts the error of
 * an HTTP failure into `response.body.error` and leaves `error` null; vLLM and DeepInfra put it into `error`; some leave keys
 * out, or write `{}` for null.
 */
export function classifyLine(line: JsonObject): LineOutcome {
  const error = readServiceError(line.error);
  const { response } = line;
  if (isObject(response) && isWritten(response)) return classifyResponse(response, error);
  return error === undefined ? { status: "unreadable" } : classifyUnanswered(error);
}

function isWritten(response: JsonObject): boolean {
  for (const key in response) if (response[key] !== null) return true;
  return false;
}

/** Codes of requests that were never executed. Source: OpenAI's batch guide, and the gateways that copy it, November 2026. */
function classifyUnanswered(error: ServiceError): LineOutcome {
  switch (error.code) {
    case "batch_expired":
      return { status: "expired", error };
    case "batch_cancelled":
    case "batch_canceled":
      return { status: "cancelled", error };
    default:
      return toFailure(undefined, error, undefined);
  }
}

function classifyResponse(response: JsonObject, lineError: ServiceError | undefined): LineOutcome {
  const { body } = response;
  const statusCode = typeof response.status_code === "number" ? response.status_code : undefined;
  const request_id = readRequestId(response);
  if (lineError !== undefined) return toFailure(statusCode, lineError, request_id);
  const isFine = statusCode === undefined || (statusCode >= 200 && statusCode < 300);
  if (!isFine) return toFailure(statusCode, readServiceError(body) ?? unsaidError, request_id);
  if (!isObject(body)) return { status: "unreadable" };
  return classifyBody(body, statusCode, request_id) ?? { status: "succeeded", body, request_id };
}

/** A body that is none of a success, whatever the status of the response: responses and videos have one of their own. */
function classifyBody(
  body: JsonObject,
  statusCode: number | undefined,
  request_id: string | undefined,
): LineOutcome | undefined {
  switch (body.status) {
    case "failed":
      return toFailure(statusCode, readServiceError(body.error) ?? unsaidError, request_id);
    case "cancelled":
      return { status: "cancelled", error: readServiceError(body.error) ?? unsaidError };
    default: {
      const error = readServiceError(body.error);
      return error && toFailure(statusCode, error, request_id);
    }
  }
}

function toFailure(
  statusCode: number | undefined,
  error: ServiceError,
  request_id: string | undefined,
): LineOutcome {
  // vLLM repeats the status in the error; DeepInfra writes it nowhere else.
  const status = statusCode ?? toStatus(error.code);
  return {
    status: "failed",
    statusCode: status,
    error,
    retryable: isRetryable(status, error),
    request_id,
  };
}

/** Moonshot writes an empty one. */
function readRequestId({ request_id }: JsonObject): string | undefined {
  return typeof request_id === "string" && request_id !== "" ? request_id : undefined;
}

function toStatus(code: string | undefined): number | undefined {
  return code !== undefined && /^[1-5]\d\d$/.test(code) ? Number(code) : undefined;
}
