/** The one in the middle, or the upper of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((first, second) => first - second);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/**
 * How two took turns: the ratio of their medians, and the least and the most of what two runs next to each other give, but for
 * a tenth of them at either end.
 */
export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** How many times as much the second needs as the first: above 1 the first is the better. */
export function toRatio(first: readonly number[], second: readonly number[]): Ratio {
  const pairs = first.map((value, run) => (second[run] ?? Number.NaN) / value);
  return { median: median(second) / median(first), ...toSpread(pairs) };
}

export function formatRatio({ median, least, most }: Ratio): string {
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** Figures of one side alone: `45 µs (43–48)`. */
export function formatSpread(values: readonly number[], unit: string): string {
  const { least, most } = toSpread(values);
  return `${median(values).toFixed(0)} ${unit} (${least.toFixed(0)}–${most.toFixed(0)})`;
}

function toSpread(values: readonly number[]): Pick<Ratio, "least" | "most"> {
  const sorted = [...values].sort((first, second) => first - second);
  const passedOver = Math.floor(sorted.length / 10);
  const [least = Number.NaN] = sorted.slice(passedOver);
  return { least, most: sorted.at(-1 - passedOver) ?? Number.NaN };
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

export function formatKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}
