import type { ServerAnswer } from "../outcome/index.js";

type Header = ServerAnswer["header"];

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A year: whatever a server writes stays a time that a clock can show. */
const longestMs = 365 * 86_400_000;

const plainNumber = /^\d+(?:\.\d+)?$/;

/** How long an error asks to wait, in milliseconds: `retry-after-ms`, or `Retry-After` with seconds or a date. */
export function readRetryAfterMs(header: Header): number | undefined {
  const precise = header("retry-after-ms")?.trim() ?? "";
  if (plainNumber.test(precise)) return Math.min(Number(precise), longestMs);
  const text = header("retry-after")?.trim() ?? "";
  if (plainNumber.test(text)) return Math.min(Number(text) * 1000, longestMs);
  return toMsUntil(text);
}

/**
 * How long to wait, in milliseconds, because an answer says that nothing is left of a limit, or less than one more request
 * takes: `x-ratelimit-remaining-…` and `x-ratelimit-reset-…` for requests and tokens, as OpenAI, Groq and others send them.
 */
export function readExhaustedMs(header: Header, tokensPerRequest: number): number {
  return Math.max(exhaustedMs(header, "requests", 1), exhaustedMs(header, "tokens", tokensPerRequest));
}

function exhaustedMs(header: Header, what: "requests" | "tokens", needed: number): number {
  const remaining = Number(header(`x-ratelimit-remaining-${what}`) ?? Number.NaN);
  if (!(remaining < needed)) return 0;
  // A request that needs more than there ever is goes when all is there.
  const limit = Number(header(`x-ratelimit-limit-${what}`) ?? Number.NaN);
  if (remaining >= limit) return 0;
  return Math.min(readResetMs(header(`x-ratelimit-reset-${what}`)?.trim() ?? "") ?? 0, longestMs);
}

/** `1s`, `6m0s`, `20ms`, `1h2m`, seconds, or a time: Unix seconds, Unix milliseconds or a date. */
function readResetMs(text: string): number | undefined {
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) {
    const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g);
    return [...parts].reduce((sum, [, count, unit = ""]) => sum + Number(count) * (unitMs[unit] ?? 0), 0);
  }
  if (!plainNumber.test(text)) return toMsUntil(text);
  const number = Number(text);
  if (number > 1e11) return Math.max(0, number - Date.now());
  return number > 1e9 ? Math.max(0, number * 1000 - Date.now()) : number * 1000;
}

function toMsUntil(date: string): number | undefined {
  // Without a look at its form, `10, 10` would be a day in 2001.
  if (!/ GMT$|^\d{4}-\d\d-\d\dT/.test(date)) return undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : Math.min(Math.max(0, time - Date.now()), longestMs);
}
