/** A refusal as the service words it: thrown by whatever answers a request, and written by {@link toErrorBody}. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  /** When to ask again, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    message: string,
    { code = null, param = null, type, retryAfterSeconds }: ApiErrorFields = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
    this.retryAfterSeconds = retryAfterSeconds;
    this.type = type ?? (status < 500 ? "invalid_request_error" : "server_error");
  }
}

interface ApiErrorFields {
  readonly code?: string | null;
  readonly param?: string | null;
  readonly type?: string;
  readonly retryAfterSeconds?: number;
}

/** The body of an answer with an error. */
export function toErrorBody({ message, type, param, code }: ApiError): object {
  return { error: { message, type, param, code } };
}

export function missingParameter(param: string): ApiError {
  return new ApiError(400, `Missing required parameter: '${param}'.`, {
    param,
    code: "missing_required_parameter",
  });
}

/** @param value is shown; it must not be content. */
export function invalidValue(param: string, value: string, supported: readonly string[]): ApiError {
  const list = supported.map((choice) => `'${choice}'`);
  const last = list.pop() ?? "";
  const choices = list.length === 0 ? last : `${list.join(", ")}${list.length > 1 ? "," : ""} and ${last}`;
  return new ApiError(400, `Invalid value: '${value.slice(0, 100)}'. Supported values are: ${choices}.`, {
    param,
    code: "invalid_value",
  });
}

/** @param expected with its article, as in "a string". */
export function invalidType(param: string, expected: string, value: unknown): ApiError {
  return new ApiError(
    400,
    `Invalid type for '${param}': expected ${expected}, but got ${nameType(value)} instead.`,
    { param, code: "invalid_type" },
  );
}

/** @throws ApiError as the service does for a number outside its bounds. */
export function assertIntegerWithin(
  param: string,
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (!Number.isInteger(value)) throw invalidType(param, "an integer", value);
  if (value < least) throw outOfBounds(param, value, `below minimum value. Expected a value >= ${least}`);
  if (value > most) throw outOfBounds(param, value, `above maximum value. Expected a value <= ${most}`);
}

function outOfBounds(param: string, value: number, words: string): ApiError {
  return new ApiError(400, `Invalid '${param}': integer ${words}, but got ${value} instead.`, {
    param,
    code: words.startsWith("below") ? "integer_below_min_value" : "integer_above_max_value",
  });
}

function nameType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "an integer" : "a decimal number";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}
