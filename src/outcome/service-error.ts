import { isObject } from "../api/index.js";

/** What the service says of a failure, in its own words. */
export interface ServiceError {
  /** Empty where it says nothing. May quote the request. */
  readonly message: string;
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly param: string | undefined;
}

/**
 * What a service says went wrong, in whatever shape: an object, an object within it (as vLLM writes it), a text. `undefined`
 * where it says nothing: `null`, or what other tools make of `null`.
 */
export function readServiceError(value: unknown): ServiceError | undefined {
  if (typeof value === "string") return value === "" ? undefined : toError({ message: value });
  if (!isObject(value)) return undefined;
  const { error: inner } = value;
  if (typeof inner === "string") return inner === "" ? undefined : toError({ message: inner });
  const error = isObject(inner) ? inner : value;
  return Object.values(error).every((member) => member === null) ? undefined : toError(error);
}

/** The error of a failure of which nothing is said. */
export const unsaidError: ServiceError = toError({});

function toError({ message, detail, type, code, param }: Readonly<Record<string, unknown>>): ServiceError {
  return {
    // FastAPI, on which many servers stand, writes `detail`.
    message: toText(message) ?? toText(detail) ?? "",
    type: toText(type),
    code: toText(code),
    param: toText(param),
  };
}

function toText(value: unknown): string | undefined {
  if (typeof value === "number") return `${value}`;
  return typeof value === "string" ? value : undefined;
}
