import { describe } from "../../api/index.js";

/** An answer that is an error, thrown by whatever makes answers up. */
export class RehearsedError extends Error {
  override readonly name = "RehearsedError";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #details: RehearsedErrorDetails;

  constructor(status: number, message: string, details: RehearsedErrorDetails = {}) {
    super(message);
    this.status = status;
    this.headers = details.headers ?? {};
    this.#details = details;
  }

  /** The body in OpenAI's shape. */
  toBody(): string {
    const { type = "invalid_request_error", param = null, code = null } = this.#details;
    return JSON.stringify({ error: { message: this.message, type, param, code } });
  }
}

interface RehearsedErrorDetails {
  /** `invalid_request_error` by default. */
  readonly type?: string;
  readonly param?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The error for a parameter that has to be there. */
export function toMissingParameter(param: string): RehearsedError {
  return new RehearsedError(400, `Missing required parameter: '${param}'.`, {
    param,
    code: "missing_required_parameter",
  });
}

/** The error for a parameter of another type than `expected`, as in "an array". */
export function toWrongParameter(param: string, expected: string, found: unknown): RehearsedError {
  return new RehearsedError(
    400,
    `Invalid type for '${param}': expected ${expected}, but got ${describe(found)} instead.`,
    { param, code: "invalid_type" },
  );
}
