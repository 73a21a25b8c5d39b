import { RehearsedError } from "../answers/rehearsed-error.js";
import type { DecisiveFault } from "./fault-plan.js";

/** The error that a fault answers with, as the service writes it; `undefined` for faults of another kind. */
export function toFaultError(fault: DecisiveFault, model: string): RehearsedError | undefined {
  switch (fault.kind) {
    case "400":
      return new RehearsedError(400, "This model's maximum context length is exceeded (rehearsed).", {
        code: "context_length_exceeded",
      });
    case "401":
      return new RehearsedError(401, "Incorrect API key provided (rehearsed).", { code: "invalid_api_key" });
    case "404":
      return new RehearsedError(
        404,
        `The model '${model}' does not exist or you do not have access to it (rehearsed).`,
        {
          code: "model_not_found",
        },
      );
    case "429":
      return toRateLimitError(model, fault.retryAfterSeconds);
    case "500":
      return new RehearsedError(500, "The server had an error while processing your request (rehearsed).", {
        type: "server_error",
      });
    case "503":
      return new RehearsedError(503, "The server is currently overloaded (rehearsed).", {
        type: "server_error",
      });
    default:
      return undefined;
  }
}

function toRateLimitError(model: string, seconds = 1): RehearsedError {
  const message = `Rate limit reached for ${model}: please try again in ${seconds}s (rehearsed).`;
  return new RehearsedError(429, message, {
    type: "requests",
    code: "rate_limit_exceeded",
    headers: { "retry-after": String(seconds) },
  });
}
