import { isObject } from "../api/index.js";
import type { FailedOutcome } from "./outcome.js";
import type { ServerAnswer } from "./server-answer.js";

type Header = ServerAnswer["header"];
type JsonObject = Readonly<Record<string, unknown>>;

/** How long nothing is to be sent, in milliseconds, and 0 for not at all. */
export interface WaitTimes {
  /** What a failure asks for. */
  readonly askedMs: number;
  /** Until a limit of which nothing is left, or less than one more request takes, is whole again. */
  readonly exhaustedMs: number;
}

export interface WaitOptions {
  readonly header: Header;
  readonly json: unknown;
  /** Set where the answer is a failure. */
  readonly failure: FailedOutcome | undefined;
  readonly tokensPerRequest: number;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A year: whatever a server writes stays a time that a clock can show. */
const longestMs = 365 * 86_400_000;

const plainNumber = /^\d+(?:\.\d+)?$/;
const duration = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/;

/** OpenAI: "Please try again in 7m12s."; Azure: "Please retry after 26 seconds."; Gemini: "Please retry in 34.07s." */
const saidWait =
  /\b(?:try again|retry) (?:in|after) (\d+(?:\.\d+)?(?:ms|[smhd])(?:\d+(?:\.\d+)?(?:ms|[smhd]))*|\d+(?:\.\d+)?(?= ?s(?:ec(?:ond)?s?)?\b))/i;

/** Reads when to send again, wherever an answer says it: in its headers, or in the body of a failure. */
export function readWaitTimes({ header, json, failure, tokensPerRequest }: WaitOptions): WaitTimes {
  if (failure === undefined) return { askedMs: 0, exhaustedMs: readExhaustedMs(header, tokensPerRequest) };
  // Google asks for some seconds also where nothing is left of a day.
  if (isDayOfGoogle(failure)) return { askedMs: 0, exhaustedMs: 0 };
  const error = findError(json);
  const either = withHeadersOf(error, header);
  const exhaustedMs = readExhaustedMs(either, tokensPerRequest);
  const askedMs = readRetryAfterMs(either) ?? readRetryDelayMs(error) ?? readSaidMs(failure);
  if (askedMs !== undefined) return { askedMs, exhaustedMs };
  // A limit that is reset, and was just hit, is used up, whatever is said of what remains.
  const isLimited = failure.cause === "rate" || failure.cause === "daily";
  return { askedMs: isLimited && exhaustedMs === 0 ? readResetMs(either) : 0, exhaustedMs };
}

/** How long an error asks to wait, in milliseconds: `retry-after-ms`, or `Retry-After` with seconds, a duration or a date. */
export function readRetryAfterMs(header: Header): number | undefined {
  const precise = header("retry-after-ms")?.trim() ?? "";
  if (plainNumber.test(precise)) return atMost(Number(precise));
  const text = header("retry-after")?.trim() ?? "";
  if (plainNumber.test(text)) return atMost(Number(text) * 1000);
  return toDurationMs(text) ?? toMsUntil(text);
}

/** The limits that a header may be of, and what they are counted in. */
const limits = [
  { kind: "-requests", unit: "requests" },
  { kind: "-tokens", unit: "tokens" },
  { kind: "", unit: "requests" },
] as const;

/**
 * How long to wait, in milliseconds, because an answer says that nothing is left of a limit, or less than one more request
 * takes: `x-ratelimit-remaining-…` and `x-ratelimit-reset-…` for requests and tokens, as OpenAI, Groq and others send them, or
 * without a word for what is counted, as OpenRouter does; `ratelimit-…` too, and Anthropic's.
 */
export function readExhaustedMs(header: Header, tokensPerRequest: number): number {
  return Math.max(
    ...limits.map(({ kind, unit }) => {
      const remaining = toNumber(find(header, "remaining", kind));
      if (!(remaining < (unit === "tokens" ? tokensPerRequest : 1))) return 0;
      // A request that needs more than there ever is goes when all is there.
      if (remaining >= toNumber(find(header, "limit", kind))) return 0;
      return toResetMs(find(header, "reset", kind) ?? "") ?? 0;
    }),
  );
}

/** When a limit without a word for what is counted is reset; 0 where nothing is said. */
function readResetMs(header: Header): number {
  return toResetMs(find(header, "reset", "") ?? "") ?? 0;
}

function find(header: Header, what: "remaining" | "reset" | "limit", kind: string): string | undefined {
  const found =
    header(`x-ratelimit-${what}${kind}`) ??
    header(`ratelimit-${what}${kind}`) ??
    (kind === "" ? undefined : header(`anthropic-ratelimit${kind}-${what}`));
  return found?.trim();
}

function toNumber(text: string | undefined): number {
  return text === undefined || text === "" ? Number.NaN : Number(text);
}

/** `1s`, `6m0s`, `20ms`, `1h2m`, seconds, or a time: Unix seconds, Unix milliseconds or a date. */
function toResetMs(text: string): number | undefined {
  if (!plainNumber.test(text)) return toDurationMs(text) ?? toMsUntil(text);
  const number = Number(text);
  if (number > 1e11) return atMost(number - Date.now());
  return atMost(number > 1e9 ? number * 1000 - Date.now() : number * 1000);
}

function toDurationMs(text: string): number | undefined {
  if (!duration.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
  return atMost(parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (unitMs[unit] ?? 0), 0));
}

function toMsUntil(date: string): number | undefined {
  // Without a look at its form, `10, 10` would be a day in 2001.
  if (!/ GMT$|^\d{4}-\d\d-\d\dT/.test(date)) return undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : atMost(time - Date.now());
}

function atMost(ms: number): number {
  return Math.min(Math.max(0, ms), longestMs);
}

/** The error within a body, also within a choice, or within the list in which Google writes it. */
function findError(json: unknown): JsonObject {
  const body: unknown = Array.isArray(json) ? json[0] : json;
  if (!isObject(body)) return {};
  if (isObject(body.error)) return body.error;
  const choice: unknown = Array.isArray(body.choices) ? body.choices[0] : undefined;
  return isObject(choice) && isObject(choice.error) ? choice.error : body;
}

/** OpenRouter writes the headers of its provider into the body. */
function withHeadersOf({ metadata }: JsonObject, header: Header): Header {
  const written = isObject(metadata) && isObject(metadata.headers) ? metadata.headers : {};
  const headers = new Map(Object.entries(written).map(([name, value]) => [name.toLowerCase(), `${value}`]));
  return (name) => header(name) ?? headers.get(name);
}

function isDayOfGoogle({ cause, error }: FailedOutcome): boolean {
  return cause === "daily" && error.message.includes("PerDay");
}

/** Google's `RetryInfo`. */
function readRetryDelayMs({ details }: JsonObject): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const delays = details.map((detail) =>
    isObject(detail) ? toDurationMs(`${detail.retryDelay}`) : undefined,
  );
  return delays.find((delay) => delay !== undefined);
}

function readSaidMs({ statusCode, error }: FailedOutcome): number | undefined {
  const [, said] = statusCode === 429 ? (saidWait.exec(error.message) ?? []) : [];
  if (said === undefined) return undefined;
  return plainNumber.test(said) ? atMost(Number(said) * 1000) : toDurationMs(said.toLowerCase());
}
