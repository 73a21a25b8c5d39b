import { isObject } from "../api/index.js";
import { tryParseJson, tryToJson } from "../jsonl/index.js";
import { toStatus } from "./statuses.js";

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

/** What stands for an error of another service is read up to so many characters. */
const maxRaw = 100_000;

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
  const { error: inner, ...beside } = value;
  if (typeof inner === "string" && inner !== "") return readTextWith(inner, beside);
  if (Array.isArray(inner)) return readList(inner);
  if (!isObject(inner)) return saysNothing(beside) ? undefined : toServiceError(beside);
  if (saysNothing(inner)) return readMessage(beside) === undefined ? undefined : toServiceError(beside);
  const error = toServiceError(inner);
  return error.message === "" ? { ...error, message: readMessage(beside) ?? "" } : error;
}

/** xAI writes the code beside the text; others write the name of the status there, and what is wrong beside it. */
function readTextWith(text: string, beside: JsonObject): ServiceError {
  const words = readMessage(beside) ?? toText(beside.error_description);
  return toServiceError({ ...beside, message: words === undefined ? text : joinWords([text, words]) });
}

/** Some services write an error of zeros and empty texts where there is none. */
function saysNothing(error: JsonObject): boolean {
  return Object.values(error).every(
    (member) => !member || (typeof member === "object" && Object.keys(member).length === 0),
  );
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
    // Google's `status` is a name; Databricks has another for the code.
    type: toName(error.type) ?? (typeof error.status === "string" ? error.status : undefined),
    code: toName(error.code) ?? toName(error.error_code) ?? readStatus(error),
    param: toName(error.param),
  };
}

/** LiteLLM writes the word of Python for none, others nothing. Source: BerriAI/litellm#39536, read November 2026. */
function toName(value: unknown): string | undefined {
  const text = toText(value);
  return text === "" || text === "None" ? undefined : text;
}

/** The status that some servers write instead of a code. */
function readStatus({ status, status_code, statusCode }: JsonObject): string | undefined {
  const found = [status, status_code, statusCode].find((written) => typeof written === "number");
  return toStatus(found) === undefined ? undefined : `${found}`;
}

/** Where servers write what they say; FastAPI, on which many stand, writes `detail`. */
function readMessage({ message, msg, detail, details, errors, metadata }: JsonObject): string | undefined {
  const said = toText(message) ?? toText(msg) ?? toWords(message);
  const words = [said, toWords(detail), toWords(errors), readRaw(metadata)].filter(
    (text) => text !== undefined && text !== "",
  );
  return words.length === 0 ? (said ?? toWords(details)) : joinWords(words);
}

/** OpenRouter says of its provider's error that there is one, and puts what it says beside. */
function readRaw(metadata: unknown): string | undefined {
  const raw = isObject(metadata) ? metadata.raw : undefined;
  if (typeof raw !== "string" || raw.length > maxRaw) return undefined;
  const json = tryParseJson(raw);
  return shorten((isObject(json) ? readServiceError(json)?.message : undefined) ?? raw);
}

function joinWords(words: readonly (string | undefined)[]): string {
  let joined = "";
  for (const text of words) {
    if (text === undefined || joined.includes(text)) continue;
    joined = joined === "" ? text : `${joined.replace(/[.:]$/, "")}: ${text}`;
  }
  return joined;
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
  if (typeof error.message === "object" && error.message !== null) return true;
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

/** What is said in words, in an object or in a list of findings. Never the input that these quote. */
function toWords(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (Array.isArray(value)) return toFindings(value);
  return isObject(value)
    ? (toOwnWords(value) ?? toFindings(value.detail) ?? toFindings(value.errors))
    : undefined;
}

function toOwnWords({ message, msg, detail, error }: JsonObject): string | undefined {
  const inner = isObject(error) ? error.message : error;
  return toText(message) ?? toText(msg) ?? toText(detail) ?? toText(inner);
}

/** What a list of findings says, each with its place: `body.messages.2.content: Field required`. */
function toFindings(list: unknown): string | undefined {
  if (!Array.isArray(list)) return undefined;
  const words = list
    .slice(0, maxListed)
    .map(toFinding)
    .filter((text) => text !== undefined && text !== "");
  return words.length === 0 ? undefined : words.join("; ");
}

function toFinding(finding: unknown): string | undefined {
  if (!isObject(finding)) return toText(finding);
  const said = toOwnWords(finding);
  const { loc } = finding;
  if (said === undefined || !Array.isArray(loc) || loc.length === 0) return said;
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
