/** Some numbers of one kind, as Prometheus takes them. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
  /** What is appended to the name: `_bucket`, `_sum` or `_count` of a histogram. */
  readonly suffix?: string;
}

/** A number for each word. */
export function toSamples(
  counts: Iterable<readonly [string | number, number]>,
  label: string,
  others: Readonly<Record<string, string>> = {},
): readonly Sample[] {
  return Array.from(counts, ([word, value]) => ({ value, labels: { ...others, [label]: String(word) } }));
}

/** One sample of all that have the same labels. */
export function sumAlike(samples: readonly Sample[]): readonly Sample[] {
  const sums = new Map<string, Sample>();
  for (const sample of samples) {
    const key = JSON.stringify([sample.suffix, sample.labels]);
    const { value = 0 } = sums.get(key) ?? {};
    sums.set(key, { ...sample, value: value + sample.value });
  }
  return [...sums.values()];
}
