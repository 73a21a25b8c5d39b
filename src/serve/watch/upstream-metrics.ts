import type { Upstream, UpstreamMeter } from "../../execute/index.js";
import { type Metric, type Sample, sumAlike, toSamples } from "./metric.js";

/** What answers requests, and counts them. */
export interface MeteredUpstream {
  readonly upstream: Pick<Upstream, "target" | "counts" | "meter">;
  /** What its key is called, where that was said. */
  readonly keyName: string | undefined;
}

/** By which upstreams are told apart: those that have the same are shown as one. */
interface UpstreamLabels {
  readonly [label: string]: string;
  readonly upstream: string;
}

/** What the upstreams of a process did, each by its address and what its key is called. */
export function toUpstreamMetrics(upstreams: readonly MeteredUpstream[]): Metric[] {
  const list = (
    toOwn: (upstream: MeteredUpstream["upstream"], labels: UpstreamLabels) => readonly Sample[],
  ) => sumAlike(upstreams.flatMap((each) => toOwn(each.upstream, toLabels(each))));
  return [
    {
      name: "openbatch_requests_total",
      help: "Requests that have a result of the upstream, by outcome; the reason of a failure is a status or a code.",
      type: "counter",
      samples: list(({ meter }, labels) => toOutcomes(meter, labels)),
    },
    {
      name: "openbatch_tokens_total",
      help: "Tokens that answers say they took.",
      type: "counter",
      samples: list(({ meter: { inputTokens, outputTokens } }, labels) =>
        toSamples(Object.entries({ input: inputTokens, output: outputTokens }), "direction", labels),
      ),
    },
    {
      name: "openbatch_upstream_answer_seconds",
      help: "How long attempts took that were answered, whatever the answer.",
      type: "histogram",
      samples: list(({ meter }, labels) => toHistogram(meter, labels)),
    },
    {
      name: "openbatch_retries_total",
      help: "How often a request was sent again, by what had happened: a status or a code.",
      type: "counter",
      samples: list(({ meter }, labels) => toSamples(meter.retries, "reason", labels)),
    },
    {
      name: "openbatch_limit_wait_seconds_total",
      help: "For how long requests that could be sent waited, by what kept them.",
      type: "counter",
      samples: list(({ meter }, labels) => toSamples(Object.entries(meter.held.list()), "limit", labels)),
    },
    {
      name: "openbatch_requests_in_flight",
      help: "Requests that are with the upstream now.",
      type: "gauge",
      samples: list(({ counts }, labels) => [{ value: counts.inFlight, labels }]),
    },
    {
      name: "openbatch_concurrency",
      help: "How many requests may be with the upstream at once.",
      type: "gauge",
      samples: list(({ counts }, labels) => [{ value: counts.concurrency, labels }]),
    },
  ];
}

function toLabels({ upstream: { target }, keyName }: MeteredUpstream): UpstreamLabels {
  return { upstream: target, ...(keyName === undefined ? {} : { key_name: keyName }) };
}

function toOutcomes({ completed, failures }: UpstreamMeter, labels: UpstreamLabels): readonly Sample[] {
  return [
    { value: completed, labels: { ...labels, outcome: "completed", reason: "" } },
    ...toSamples(failures, "reason", { ...labels, outcome: "failed" }),
  ];
}

function toHistogram({ answers }: UpstreamMeter, labels: UpstreamLabels): readonly Sample[] {
  const buckets = answers.list();
  return [
    ...buckets.map(({ upToSeconds, count }) => ({
      value: count,
      labels: { ...labels, le: upToSeconds === Number.POSITIVE_INFINITY ? "+Inf" : String(upToSeconds) },
      suffix: "_bucket",
    })),
    { value: answers.sumSeconds, labels, suffix: "_sum" },
    { value: buckets.at(-1)?.count ?? 0, labels, suffix: "_count" },
  ];
}
