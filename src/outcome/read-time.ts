/** A year: whatever a server writes stays a time that a clock can show. */
const longestMs = 365 * 86_400_000;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const unit = "ms|milliseconds?|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?";
const part = String.raw`\d+(?:\.\d+)? ?(?:${unit})`;

/** A time as people and machines write it: `1m30s`, `3 seconds`, `2 minutes and 5 seconds`. */
export const durationPattern = `${part}(?:(?:,? and |,? ?)${part})*`;

const plainNumber = /^\d+(?:\.\d+)?$/;
const duration = new RegExp(`^${durationPattern}$`, "i");
const parts = new RegExp(String.raw`(\d+(?:\.\d+)?) ?(${unit})`, "gi");
/** ISO 8601: `PT1M30S`. */
const isoDuration = /^P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/;
// Without a look at its form, `10, 10` would be a day in 2001.
const date = /\b(?:GMT|UTC)\b|^\d{4}-\d\d-\d\d[T ]|^[a-z]{3,9}, .* [+-]\d{4}$/i;
const isUnzoned = /^\d{4}-\d\d-\d\d[T ][\d:.]+$/;
/** The date of C's `asctime`, which HTTP knows too, and which is in UTC there: `Sun Nov  6 08:49:37 1994`. */
const asctime = /^[a-z]{3} [a-z]{3} +\d?\d [\d:]+ \d{4}$/i;

/**
 * How long it is till what a text says, in milliseconds: seconds, a duration, or a time: Unix seconds, milliseconds or
 * microseconds, or a date.
 */
export function toWaitMs(text: string): number | undefined {
  if (!plainNumber.test(text)) return toDurationMs(text) ?? toMsUntil(text);
  const number = Number(text);
  if (number > 1e14) return atMost(number / 1000 - Date.now());
  if (number > 1e11) return atMost(number - Date.now());
  return atMost(number > 1e9 ? number * 1000 - Date.now() : number * 1000);
}

/** A number of milliseconds. */
export function toMs(text: string): number | undefined {
  return plainNumber.test(text) ? atMost(Number(text)) : undefined;
}

function toDurationMs(text: string): number | undefined {
  if (!duration.test(text) && !(isoDuration.test(text) && /\d/.test(text))) return undefined;
  let sum = 0;
  for (const [, count, word = ""] of text.matchAll(parts)) sum += Number(count) * toUnitMs(word);
  return atMost(sum);
}

function toUnitMs(word: string): number {
  const name = word.toLowerCase();
  return unitMs[name === "ms" || name.startsWith("milli") ? "ms" : name.charAt(0)] ?? 0;
}

function toMsUntil(text: string): number | undefined {
  const time = toTime(text);
  return Number.isNaN(time) ? undefined : atMost(time - Date.now());
}

/** Unix milliseconds; NaN where it is no time. */
function toTime(text: string): number {
  if (asctime.test(text)) return Date.parse(`${text} GMT`);
  if (!date.test(text)) return Number.NaN;
  return Date.parse(isUnzoned.test(text) ? `${text.replace(" ", "T")}Z` : text);
}

function atMost(ms: number): number {
  return Math.min(Math.max(0, ms), longestMs);
}
