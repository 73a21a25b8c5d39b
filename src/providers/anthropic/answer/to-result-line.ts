import { isObject } from "../../../api/index.js";
import { readServiceError, statusOfError } from "../../../outcome/index.js";
import type { ResultOrigin } from "../../seam/line-translator.js";
import { messageToCompletion } from "./message-to-completion.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** A line of the results of a Message Batch as one of the Batch API; `undefined` for what is none. */
export function toResultLine({ result }: JsonObject, origin: ResultOrigin): JsonObject | undefined {
  if (!isObject(result)) return undefined;
  switch (result.type) {
    case "succeeded":
      return isObject(result.message) ? toSuccess(result.message, origin) : undefined;
    case "errored":
      return toFailure(result.error, origin);
    case "canceled":
      return toUnexecuted("batch_cancelled", "The batch was cancelled before this request was sent.", origin);
    case "expired":
      return toUnexecuted("batch_expired", "The batch expired before this request was sent.", origin);
    default:
      return undefined;
  }
}

function toSuccess(message: JsonObject, origin: ResultOrigin): JsonObject {
  const body = origin.isNative ? message : messageToCompletion(message, origin.created);
  return toLine({ status_code: 200, request_id: "", body }, null, origin);
}

/** The service says no status: its word for the error does. */
function toFailure(value: unknown, origin: ResultOrigin): JsonObject {
  const body = isObject(value) ? value : { error: value ?? null };
  const error = readServiceError(body);
  const status_code = (error && statusOfError(error)) ?? statusOfUnnamed(error?.type);
  const request_id = typeof body.request_id === "string" ? body.request_id : "";
  return toLine({ status_code, request_id, body }, null, origin);
}

/** Whatever it is, a request that is wrong would be wrong again; of the others nobody knows. */
function statusOfUnnamed(type: string | undefined): number {
  return type?.startsWith("invalid_request") ? 400 : 500;
}

function toUnexecuted(code: string, message: string, origin: ResultOrigin): JsonObject {
  return toLine(null, { code, message }, origin);
}

function toLine(response: JsonObject | null, error: JsonObject | null, origin: ResultOrigin): JsonObject {
  const { custom_id, source } = origin;
  return { id: toLineId(source), custom_id, response, error, source };
}

/** Every line of ours has an id, by which people find it. */
function toLineId({ file, line }: ResultOrigin["source"]): string {
  return `${file}:${line}`;
}
