import type { Metric } from "./metric.js";
import { toSamples } from "./metric.js";
import type { ServerMeter } from "./server-meter.js";

/** What a process tells of itself, whether it serves or works. */
export function toProcessMetrics({ requests, batches, ranges, waits, troubles }: ServerMeter): Metric[] {
  return [
    {
      name: "openbatch_http_requests_total",
      help: "Requests of callers, by method, route and status; cut where the connection ended before.",
      type: "counter",
      samples: Array.from(requests, ([name, value]) => {
        const [method = "", route = "", status = ""] = name.split(" ");
        return { value, labels: { method, route, status } };
      }),
    },
    {
      name: "openbatch_batch_states_total",
      help: "How often this process brought a batch into a state.",
      type: "counter",
      samples: toSamples(batches, "status"),
    },
    {
      name: "openbatch_range_states_total",
      help: "How often this process took a range, committed it, gave it back, lost or dropped it.",
      type: "counter",
      samples: toSamples(
        Array.from(ranges, ([state, value]) => [state.replace(" ", "_"), value] as const),
        "state",
      ),
    },
    {
      name: "openbatch_leases_lost_total",
      help: "Ranges that may have gone to another worker while this process had them.",
      type: "counter",
      samples: [{ value: ranges.get("lost") ?? 0, labels: {} }],
    },
    {
      name: "openbatch_batch_waits_total",
      help: "How often a batch could not go on for a cause outside it, such as an upstream that is away.",
      type: "counter",
      samples: [{ value: waits, labels: {} }],
    },
    {
      name: "openbatch_troubles_total",
      help: "How often something of this process was not as it should be.",
      type: "counter",
      samples: [{ value: troubles, labels: {} }],
    },
  ];
}
