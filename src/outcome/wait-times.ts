import { isObject } from "../api/index.js";
import { findFirstChoice } from "./answer/first-choice.js";
import type { FailedOutcome } from "./outcome.js";
import { durationPattern, toMs, toWaitMs } from "./read-time.js";
import type { ServerAnswer } from "./server-answer.js";
import { isNotNow } from "./statuses.js";

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
  readonly headerNames?: ServerAnswer["headerNames"];
  readonly json: unknown;
  /** Set where the answer is a failure. */
  readonly failure: FailedOutcome | undefined;
  readonly tokensPerRequest: number;
}

/** OpenAI: "Please try again in 7m12s."; Azure: "Please retry after 26 seconds."; Gemini: "Please retry in 34.07s." */
const saidWait = new RegExp(
  String.raw`\b(?:try again|retry(?:ing)?(?: (?:your|the|this) request)?|wait(?: for| at least)?|resets?)(?: in| after)? (${durationPattern})(?![a-z])`,
  "i",
);
const saidTime =
  /\b(?:resets?|try again|retry) (?:at|after|on) (\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)/i;

/** Reads when to send again, wherever an answer says it: in its headers, or in the body of a failure. */
export function readWaitTimes(options: WaitOptions): WaitTimes {
  const { header, json, failure, tokensPerRequest } = options;
  if (failure === undefined) {
    const told = options.headerNames === undefined ? limits : limitsAmong(options.headerNames);
    return { askedMs: 0, exhaustedMs: readExhaustedMs(header, tokensPerRequest, told) };
  }
  // Google asks for some seconds also where nothing is left of a day.
  if (isDayOfGoogle(failure)) return { askedMs: 0, exhaustedMs: 0 };
  const error = findError(json);
  const either = withHeadersOf(error, header);
  const exhaustedMs = readExhaustedMs(either, tokensPerRequest);
  const askedMs =
    readRetryAfterMs(either) ?? readRetryDelayMs(error) ?? readWrittenMs(json, error) ?? readSaidMs(failure);
  if (askedMs !== undefined) return { askedMs, exhaustedMs };
  // A limit that is reset, and was just hit, is used up, whatever is said of what remains.
  const isLimited = failure.cause === "rate" || failure.cause === "daily";
  return { askedMs: isLimited && exhaustedMs === 0 ? readResetMs(either) : 0, exhaustedMs };
}

/** How long an error asks to wait, in milliseconds: `retry-after-ms`, or `Retry-After` with seconds, a duration or a date. */
export function readRetryAfterMs(header: Header): number | undefined {
  const precise = header("retry-after-ms") ?? header("x-ms-retry-after-ms");
  const ms = toMs(precise?.trim() ?? "");
  if (ms !== undefined) return ms;
  const text = header("retry-after") ?? header("x-retry-after") ?? header("x-ratelimit-retry-after");
  return toWaitMs(text?.trim() ?? "");
}

interface Limit {
  readonly unit: "requests" | "tokens";
  /** Headers that say how much of it is left, how much there is, and when it is whole again: the first that is there counts. */
  readonly remaining: readonly string[];
  readonly limit: readonly string[];
  readonly reset: readonly string[];
}

/**
 * The limits that a header may be of, and what they are counted in. SambaNova and Cerebras have one for each span of time. Every
 * answer is asked for them: so their names are made once.
 */
const limits: readonly Limit[] = [
  ...["-requests", "-requests-minute", "-requests-hour", "-requests-day", ""].map((kind) =>
    toLimit(kind, "requests"),
  ),
  ...["-tokens", "-tokens-minute", "-tokens-hour", "-tokens-day"].map((kind) => toLimit(kind, "tokens")),
];
const resetsOfAll = [...toNames("reset", ""), ...toNames("reset", "-after")];

function toLimit(kind: string, unit: Limit["unit"]): Limit {
  const [remaining, limit, reset] = [
    toNames("remaining", kind),
    toNames("limit", kind),
    toNames("reset", kind),
  ];
  return { unit, remaining, limit, reset };
}

function toNames(what: string, kind: string): readonly string[] {
  const names = ["x-ratelimit", "ratelimit", "x-rate-limit"].map((prefix) => `${prefix}-${what}${kind}`);
  return kind === "" ? names : [...names, `anthropic-ratelimit${kind}-${what}`];
}

/**
 * How long to wait, in milliseconds, because an answer says that nothing is left of a limit, or less than one more request
 * takes: `x-ratelimit-remaining-…` and `x-ratelimit-reset-…` for requests and tokens, as OpenAI, Groq and others send them, or
 * without a word for what is counted, as OpenRouter does; `ratelimit-…` too, and Anthropic's.
 */
export function readExhaustedMs(header: Header, tokensPerRequest: number, told = limits): number {
  let longestMs = 0;
  for (const limit of told) {
    const left = toNumber(find(header, limit.remaining));
    if (!(left < (limit.unit === "tokens" ? tokensPerRequest : 1))) continue;
    // A request that needs more than there ever is goes when all is there.
    if (left >= toNumber(find(header, limit.limit))) continue;
    longestMs = Math.max(longestMs, toWaitMs(find(header, limit.reset) ?? "") ?? 0);
  }
  return longestMs;
}

const limitsOfNames = new WeakMap<ReadonlySet<string>, readonly Limit[]>();

/** The limits that headers of these names may tell of: most answers tell of none. */
function limitsAmong(names: ReadonlySet<string>): readonly Limit[] {
  const known = limitsOfNames.get(names);
  if (known !== undefined) return known;
  const told = limits.filter(({ remaining }) => remaining.some((name) => names.has(name)));
  limitsOfNames.set(names, told);
  return told;
}

/** When a limit of which nobody says what remains is reset, the first of them; 0 where nothing is said. */
function readResetMs(header: Header): number {
  const waitMs = toWaitMs(find(header, resetsOfAll) ?? readDraft(header) ?? "");
  if (waitMs !== undefined) return waitMs;
  const unsaid = limits.filter(({ remaining }) => find(header, remaining) === undefined);
  const waits = unsaid.flatMap(({ reset }) => toWaitMs(find(header, reset) ?? "") ?? []);
  return waits.length === 0 ? 0 : Math.min(...waits);
}

/** The drafts of the IETF have all in one: `"default";r=0;t=3`, `limit=10, remaining=0, reset=3`. */
function readDraft(header: Header): string | undefined {
  return /\b(?:t|reset) ?= ?(\d+)/.exec(header("ratelimit") ?? "")?.[1];
}

function find(header: Header, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = header(name);
    if (found !== undefined) return found.trim();
  }
  return undefined;
}

function toNumber(text: string | undefined): number {
  return text === undefined || text === "" ? Number.NaN : Number(text);
}

/** The error within a body, also within a choice, or within the list in which Google writes it. */
function findError(json: unknown): JsonObject {
  const body: unknown = Array.isArray(json) ? json[0] : json;
  if (!isObject(body)) return {};
  if (isObject(body.error)) return body.error;
  const choice = findFirstChoice(body);
  return isObject(choice?.error) ? choice.error : body;
}

/** OpenRouter writes the headers of its provider into the body. */
function withHeadersOf({ metadata, headers }: JsonObject, header: Header): Header {
  const written = isObject(metadata) && isObject(metadata.headers) ? metadata.headers : headers;
  const named = Object.entries(isObject(written) ? written : {});
  const values = new Map(named.map(([name, value]) => [name.toLowerCase(), `${value}`]));
  return (name) => header(name) ?? values.get(name);
}

function isDayOfGoogle({ cause, error }: FailedOutcome): boolean {
  return cause === "daily" && error.message.includes("PerDay");
}

/** Google's `RetryInfo`: a duration, or an object of seconds. */
function readRetryDelayMs({ details }: JsonObject): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const delays = details.map((detail) => {
    const delay: unknown = isObject(detail) ? (detail.retryDelay ?? detail.retry_delay) : undefined;
    return toWaitMs(`${isObject(delay) ? delay.seconds : delay}`);
  });
  return delays.find((delay) => delay !== undefined);
}

/** Members of a body that say when to come back, without what stands between their words. */
const inSeconds =
  /^(?:retryafter(?:s|sec|seconds)?|(?:x?ratelimit)?resets?(?:in|after|at|time)?(?:sec|seconds)?)$/;
const inMilliseconds = /^retryafterms$/;

/** Gateways write it beside the error, in it, or in its metadata. */
function readWrittenMs(json: unknown, error: JsonObject): number | undefined {
  const body = isObject(json) && json !== error ? json : {};
  const { metadata } = error;
  for (const place of [error, isObject(metadata) ? metadata : {}, body]) {
    for (const [key, value] of Object.entries(place)) {
      if (typeof value !== "number" && typeof value !== "string") continue;
      const name = key.toLowerCase().replace(/[^a-z]/g, "");
      const waitMs = inMilliseconds.test(name) ? toMs(`${value}`) : toWaitMs(`${value}`);
      if (waitMs !== undefined && (inMilliseconds.test(name) || inSeconds.test(name))) return waitMs;
    }
  }
  return undefined;
}

function readSaidMs({ statusCode, error }: FailedOutcome): number | undefined {
  if (statusCode === undefined || !isNotNow(statusCode)) return undefined;
  const [, said] = saidWait.exec(error.message) ?? saidTime.exec(error.message) ?? [];
  return said === undefined ? undefined : toWaitMs(said);
}
