import type { RowOutcome } from "../wire/row-outcome.js";

export const outcomeWords: Readonly<Record<RowOutcome, string>> = {
  reading: "not read yet",
  usable: "usable",
  problem: "problem",
  failed: "failed",
  expired: "expired",
  cancelled: "cancelled",
  unreadable: "unreadable",
  missing: "missing",
  pending: "pending",
};

const counts = new Intl.NumberFormat("en-US");
const numbers = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

export function countText(value: number): string {
  return counts.format(value);
}

export function numberText(value: number): string {
  return numbers.format(value);
}

export function shareText(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (percent < 0.1) return "< 0.1 %";
  return `${percent >= 99.95 && part < whole ? "99.9" : numbers.format(Math.round(percent * 10) / 10)} %`;
}

export function secondsText(ms: number): string {
  return `${numbers.format(Number((ms / 1000).toPrecision(2)))} s`;
}

/** `1 h 5 min`, `12 s`, `0.4 s`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 60)
    return `${numbers.format(seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const cents = new Intl.NumberFormat("en-US", {
  ...{ style: "currency", currency: "USD" },
  minimumFractionDigits: 4,
});

/** Small amounts have hundredths of a cent. */
export function dollarText(amount: number): string {
  return (amount !== 0 && amount < 0.1 ? cents : dollars).format(amount);
}

const dayMs = 86_400_000;

/** A time of day, with the day where what it is within takes longer than one, and with seconds where it takes minutes. */
export function clockText(
  time: number,
  { from, until }: { readonly from: number; readonly until: number },
): string {
  const isLong = until - from > dayMs;
  return new Date(time).toLocaleString("en-GB", {
    ...{ hour: "2-digit", minute: "2-digit" },
    ...(isLong ? { day: "numeric", month: "short" } : {}),
    ...(until - from < 600_000 ? { second: "2-digit" } : {}),
  });
}

/** What comes in a second, to be compared at a glance. */
export function rateText(value: number): string {
  return numbers.format(value >= 10 ? Math.round(value) : Math.round(value * 10) / 10);
}

/** How long something lasts that may take days: the greatest unit is enough. */
export function spanText(ms: number): string {
  const hours = Math.max(0, ms) / 3_600_000;
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return hours >= 1 ? `${Math.round(hours)} h` : durationText(Math.max(1000, 1000 * Math.round(ms / 1000)));
}

/** `980 bytes`, `1.2 MB`. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 }).format(bytes / 1000 ** step)} ${units[step]}`;
}
