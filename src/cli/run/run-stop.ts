import type { RunStoppedError } from "../../execute.js";
import { ExitCode } from "../frame/exit-code.js";

const mendedByCommand: readonly string[] = ["unknown_model", "unknown_endpoint", "invalid_response_body"];

/** Whether only another command mends it: which one, message and hint say. */
export function isMendedByCommand({ code, message }: RunStoppedError): boolean {
  // The server does not speak TLS.
  return mendedByCommand.includes(code) || /\(ERR_SSL_\w+\)/.test(message);
}

/** Whatever stopped a run, requests are left that have no result. */
export function toRunExit({ code }: RunStoppedError): ExitCode {
  return code === "interrupted" ? ExitCode.interrupted : ExitCode.stopped;
}
