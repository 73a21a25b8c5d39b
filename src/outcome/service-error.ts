import { isObject } from "../api/index.js";
import { tryToJson } from "../jsonl/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What the service says of a failure, in its own words. */
export interface ServiceError {
  /** Empty where it says nothing. May quote the request. */
  readonly message: string;
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly param: string | undefined;
}

/** So much is shown of a body that is not understood. */
const maxQuoted = 200;

/** Lists of errors name so many. */
const maxListed = 5;

/**
 * What a service says went wrong, in whatever shape: an object, an object within it (as vLLM writes it), a text, a list of
 * these. `undefined` where it says nothing: `null`, or what other tools make of `null`.
 */
export function readServiceError(value: unknown): ServiceError | undefined {
  if (typeof value === "string") return value === "" ? undefined : toServiceError({ message: value });
  if (Array.isArray(value)) return readList(value);
  if (!isObject(value)) return undefined;
  const { error: inner } = value;
  if (typeof inner === "string") {
    // xAI writes the code beside the text.
    return inner === "" ? undefined : toServiceError({ ...value, message: inner });
  }
  if (Array.isArray(inner)) return readList(inner);
  const error = isObject(inner) ? inner : value;
  return Object.values(error).every((member) => member === null) ? undefined : toServiceError(error);
}

/** The error of a failure of which nothing is said. */
export const unsaidError: ServiceError = {
  message: "",
  type: undefined,
  code: undefined,
  param: undefined,
};

/** The error of a failure whose body is none that is known: its beginning. */
export function quoteBody(body: unknown): ServiceError {
  if (body === undefined || body === null) return unsaidError;
  if (typeof body === "object" && Object.values(body).every((member) => member === null)) return unsaidError;
  return { ...unsaidError, message: quote(body) };
}

export function toServiceError(error: JsonObject): ServiceError {
  const message = readMessage(error);
  return {
    message: `${message ?? (saysMore(error) ? quote(error) : "")}${readQuota(error)}`,
    // Google's `status` is a name.
    type: toText(error.type) ?? (typeof error.status === "string" ? error.status : undefined),
    code: toText(error.code),
    param: toText(error.param),
  };
}

/** Where servers write what they say; FastAPI, on which many stand, writes `detail`. */
function readMessage({ message, msg, detail, details, errors }: JsonObject): string | undefined {
  return (
    toText(message) ??
    toText(msg) ??
    toWords(detail) ??
    toWords(errors) ??
    (message === undefined ? undefined : toWords(message)) ??
    toWords(details)
  );
}

/** Google names the limit that was hit, a minute's or a day's, beside its message alone. */
function readQuota({ details }: JsonObject): string {
  if (!Array.isArray(details)) return "";
  for (const detail of details) {
    const [violation] = isObject(detail) && Array.isArray(detail.violations) ? detail.violations : [];
    if (isObject(violation) && typeof violation.quotaId === "string") return ` (${violation.quotaId})`;
  }
  return "";
}

/** Whether there is more to an error than its names. */
function saysMore(error: JsonObject): boolean {
  return Object.keys(error).some((key) => !["message", "type", "code", "param", "status"].includes(key));
}

function readList(list: readonly unknown[]): ServiceError | undefined {
  const errors = list
    .slice(0, maxListed)
    .flatMap((each) => (Array.isArray(each) ? [] : (readServiceError(each) ?? [])));
  const [first] = errors;
  if (first === undefined) return undefined;
  return { ...first, message: errors.map(({ message }) => message).join("; ") };
}

/** What a list of findings says, each with its place: `body.messages.2.content: Field required`. Never the input that it quotes. */
function toWords(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (isObject(value)) return toText(value.message) ?? toText(value.msg) ?? toText(value.error);
  if (!Array.isArray(value)) return undefined;
  const words = value
    .slice(0, maxListed)
    .map(toFinding)
    .filter((text) => text !== undefined);
  return words.length === 0 ? undefined : words.join("; ");
}

function toFinding(finding: unknown): string | undefined {
  if (!isObject(finding)) return toText(finding);
  const said = toWords(finding);
  const { loc } = finding;
  if (said === undefined || !Array.isArray(loc)) return said;
  return `${loc.map((step) => `${step}`).join(".")}: ${said}`;
}

function quote(value: unknown): string {
  return shorten(typeof value === "string" ? value : (tryToJson(value) ?? ""));
}

function shorten(text: string): string {
  const characters = [...text.slice(0, 2 * maxQuoted)];
  return characters.length > maxQuoted ? `${characters.slice(0, maxQuoted - 1).join("")}…` : text;
}

function toText(value: unknown): string | undefined {
  if (typeof value === "number") return `${value}`;
  return typeof value === "string" ? value : undefined;
}
