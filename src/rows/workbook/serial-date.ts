import type { NumberKind } from "../table/number-format.js";

const dayMs = 86_400_000;
/** The days of a calendar end with the year 9999. */
const lastDay = Date.UTC(9999, 11, 31);

/**
 * A number of days as ISO 8601 text, as the format of its cell means it: `2024-02-29`, `2024-02-29T13:45:00`, `13:45:00` or
 * `PT36H30M`. What is no day of the calendar stays a number. Of a time of day that is shown without its day, or a day without
 * its time, nothing is lost.
 */
export function toDateText(
  serial: number,
  kind: Exclude<NumberKind, "number">,
  { isFrom1904 }: { readonly isFrom1904: boolean },
): string | number {
  const ms = Math.round(serial * dayMs);
  if (!Number.isSafeInteger(ms)) return serial;
  if (kind === "duration") return toDuration(ms);
  if (ms < 0) return serial;
  if (ms < dayMs && (kind === "time" || !isFrom1904)) return toTime(ms);
  const moment = toMoment(ms, isFrom1904);
  if (moment >= lastDay + dayMs) return serial;
  const [day = "", time = ""] = new Date(moment).toISOString().split("T");
  return kind === "date" && ms % dayMs === 0 ? day : `${day}T${withoutZeroMs(time.replace("Z", ""))}`;
}

/** Excel has a 29th of February 1900, which never was: days before it are one off. */
function toMoment(ms: number, isFrom1904: boolean): number {
  if (isFrom1904) return Date.UTC(1904, 0, 1) + ms;
  return Date.UTC(1899, 11, ms < 60 * dayMs ? 31 : 30) + ms;
}

function toTime(ms: number): string {
  return withoutZeroMs(new Date(ms).toISOString().slice(11, 23));
}

function withoutZeroMs(time: string): string {
  return time.replace(/\.000$/, "");
}

function toDuration(ms: number): string {
  const size = Math.abs(ms);
  const hours = Math.floor(size / 3_600_000);
  const minutes = Math.floor(size / 60_000) % 60;
  const seconds = (size % 60_000) / 1000;
  const parts = [[hours, "H"] as const, [minutes, "M"] as const, [seconds, "S"] as const]
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`);
  return `${ms < 0 ? "-" : ""}PT${parts.length === 0 ? "0S" : parts.join("")}`;
}
