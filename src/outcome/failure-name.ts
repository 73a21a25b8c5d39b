import { toPlainText } from "../errors/index.js";
import type { RequestOutcome } from "./outcome.js";
import type { ServiceError } from "./service-error.js";
import { toStatus } from "./statuses.js";

/** What the cause of a failure is called. */
export interface FailureName {
  /** The HTTP status, where there was an answer; of a failure inside a success, the one that it names. */
  readonly statusCode: number | undefined;
  /** What the service calls the error: its code, or else its type. */
  readonly code: string;
}

const maxCodeLength = 64;

/** What the cause is called, in short and without control characters; `undefined` for a success. */
export function nameFailure(outcome: RequestOutcome): FailureName | undefined {
  switch (outcome.status) {
    case "succeeded":
      return undefined;
    case "failed":
      return toName(outcome.statusCode, toErrorCode(outcome.error));
    case "expired":
    case "cancelled":
      return toName(undefined, outcome.error.code ?? `request_${outcome.status}`);
    case "unreadable":
      return toName(undefined, "unreadable_result");
    default:
      return outcome satisfies never;
  }
}

/** What a failure is called for which its service has a code, or a type, or no name at all. A status is no name. */
export function toErrorCode({ code, type }: ServiceError): string {
  return (toStatus(code) === undefined ? code : undefined) ?? type ?? "request_failed";
}

function toName(statusCode: number | undefined, code: string): FailureName {
  const short = code.length > maxCodeLength ? `${code.slice(0, maxCodeLength - 1)}…` : code;
  return { statusCode, code: toPlainText(short) };
}
