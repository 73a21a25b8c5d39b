import { type Endpoint, Inspection, inspectBody, type RequestTarget } from "../../api/index.js";
import type { Problem } from "../../errors/index.js";
import type { EndpointRequest } from "./endpoint-request.js";
import { RehearsedError, toMissingParameter } from "./rehearsed-error.js";

/** Refuses what the check of a batch file calls an error, but for parameters that nobody knows: they pass. */
export class RequestCheck {
  readonly #inspection: Inspection;

  constructor(target: RequestTarget) {
    this.#inspection = new Inspection({ target, allowUnknownParameters: true });
  }

  /** @throws RehearsedError 400 for the first error. */
  assert(endpoint: Endpoint, body: EndpointRequest["body"]): void {
    const inspection = this.#inspection;
    inspection.reset();
    inspectBody(endpoint, body, inspection);
    const error = inspection.problems.find(({ severity }) => severity === "error");
    if (error !== undefined) throw toRehearsedError(error);
  }
}

function toRehearsedError({ path, code, message, hint }: Problem): RehearsedError {
  if (path === "") return new RehearsedError(400, `${message} ${hint}`, { code });
  if (code === "missing_required_parameter") return toMissingParameter(path);
  const kind = code === "invalid_type" ? "Invalid type for" : "Invalid";
  return new RehearsedError(400, `${kind} '${path}': ${message} ${hint}`, { param: path, code });
}
