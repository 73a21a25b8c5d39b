import type { IncomingMessage } from "node:http";
import type { ApiError } from "./api-error.js";

const codes = new WeakMap<IncomingMessage, string>();

/** Notes why a request is refused, for the log. */
export function noteRefusal(incoming: IncomingMessage, { code, type }: ApiError): void {
  codes.set(incoming, code ?? type);
}

/** The code of the error that a request was answered with, if that is known. */
export function refusalOf(incoming: IncomingMessage): string | undefined {
  return codes.get(incoming);
}
