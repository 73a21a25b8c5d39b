/** An answer that is an error, thrown by whatever makes answers up. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, details: ServiceErrorDetails = {}) {
    super(message);
    this.status = status;
    this.type = details.type ?? "invalid_request_error";
    this.param = details.param ?? null;
    this.code = details.code ?? null;
    this.headers = details.headers ?? {};
  }

  /** The body in OpenAI's shape. */
  toBody(): string {
    const { message, type, param, code } = this;
    return JSON.stringify({ error: { message, type, param, code } });
  }
}

interface ServiceErrorDetails {
  /** `invalid_request_error` by default. */
  readonly type?: string;
  readonly param?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The error for a parameter that has to be there. */
export function missingParameter(param: string): ServiceError {
  return new ServiceError(400, `Missing required parameter: '${param}'.`, {
    param,
    code: "missing_required_parameter",
  });
}

/** The error for a parameter of another type than `expected`, as in "an array". */
export function wrongParameter(param: string, expected: string): ServiceError {
  return new ServiceError(400, `Invalid type for '${param}': expected ${expected}.`, {
    param,
    code: "invalid_type",
  });
}
