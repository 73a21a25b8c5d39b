import type { ServiceError } from "./service-error.js";

/** An account without money or quota stays without, however often it is asked. */
const quotaCode = "insufficient_quota";

/** Failures without a status that would be the same again; the last is the executor's. */
const finalCodes: ReadonlySet<string | undefined> = new Set([
  "invalid_request_error",
  "invalid_request",
  "response_too_large",
]);

/** What a 200 says whose body has failed, where the same request may pass later. Source: the codes of `Response.error`, openai-node 6.49. */
const passingCodes: ReadonlySet<string | undefined> = new Set([
  "server_error",
  "rate_limit_exceeded",
  "internal_error",
  "vector_store_timeout",
]);

/**
 * Whether the same request may well succeed when it is sent again: after 408, 409, 429 and 5xx, and where nobody answered. A
 * request for whose account there is no quota may not.
 */
export function isRetryable(statusCode: number | undefined, error: ServiceError): boolean {
  if (error.code === quotaCode || error.type === quotaCode) return false;
  // Some services write no status, whatever it was.
  if (!statusCode) return !finalCodes.has(error.code) && !finalCodes.has(error.type);
  if (statusCode >= 200 && statusCode < 300) return isPassing(error);
  return isPassingStatus(statusCode);
}

/** OpenRouter answers 200 before its provider does, and writes the provider's status into the error. */
function isPassing({ code = "" }: ServiceError): boolean {
  return passingCodes.has(code) || (/^[45]\d\d$/.test(code) && isPassingStatus(Number(code)));
}

function isPassingStatus(statusCode: number): boolean {
  return statusCode === 408 || statusCode === 409 || statusCode === 429 || statusCode >= 500;
}
