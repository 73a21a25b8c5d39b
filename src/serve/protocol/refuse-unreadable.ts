import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { createRequestId } from "../store/object-id.js";
import { ApiError, toErrorBody } from "./api-error.js";

/** Ends a connection that brings no whole request, with the reason if nothing else is on its way to the client. */
export function refuseUnreadable(error: Error, socket: Duplex, answers: Iterable<ServerResponse>): void {
  const isAnswering = Array.from(answers).some((answer) => answer.socket === socket && answer.headersSent);
  if (socket.writable && !isAnswering) socket.write(toText(toApiError(error)));
  socket.destroy();
}

function toApiError(error: Error): ApiError {
  switch ("code" in error ? error.code : undefined) {
    case "HPE_HEADER_OVERFLOW":
      return new ApiError(431, "The headers of the request are larger than this server takes.");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new ApiError(413, "The body of the request has more beside its content than this server takes.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new ApiError(408, "The request did not arrive in time.");
    default:
      return new ApiError(400, "The request could not be understood.");
  }
}

function toText(error: ApiError): string {
  const body = JSON.stringify(toErrorBody(error));
  const lines = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    "connection: close",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${createRequestId()}`,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
