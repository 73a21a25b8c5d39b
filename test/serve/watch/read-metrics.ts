/**
 * What Prometheus would read: each sample by its name and labels, as in `name{status="a"}`.
 * @throws where a line is none of the format, a sample belongs to no kind that was told before, or comes twice.
 */
export function parseMetrics(text: string): ReadonlyMap<string, number> {
  const kinds = new Map<string, string>();
  const samples = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, name = "", kind = ""] = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (name !== "") kinds.set(name, kind);
    if (line === "" || line.startsWith("#")) continue;
    const [, sample = "", own = "", value = ""] =
      /^(([a-z_\d]+)(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})?) (\S+)$/.exec(line) ?? [];
    if (!kinds.has(own) && kinds.get(own.replace(/_(?:bucket|sum|count)$/, "")) !== "histogram") {
      throw new Error(`It is of no kind: ${line}`);
    }
    if (samples.has(sample)) throw new Error(`It comes twice: ${line}`);
    // Go reads it in any letters.
    if (Number.isNaN(Number(value)) && !/^nan$/i.test(value)) throw new Error(`It is no number: ${line}`);
    samples.set(sample, Number(value));
  }
  return samples;
}

export async function fetchMetrics(url: string): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  return parseMetrics(await answer.text());
}
