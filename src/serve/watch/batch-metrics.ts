import type { BatchStatus } from "../../api/index.js";
import { type BatchObject, isAtEnd } from "../../api/index.js";
import { type Metric, toSamples } from "./metric.js";

/** What is not done yet. */
export interface BatchBacklog {
  /** How many batches are in each state that is not an end. */
  readonly batches: ReadonlyMap<string, number>;
  /** The requests of them that have no result. */
  readonly requests: number;
}

const openStatuses: readonly BatchStatus[] = ["validating", "in_progress", "finalizing", "cancelling"];

export function countBacklog(batches: Iterable<BatchObject>): BatchBacklog {
  const counts = new Map<string, number>();
  let requests = 0;
  for (const batch of batches) {
    if (isAtEnd(batch)) continue;
    counts.set(batch.status, (counts.get(batch.status) ?? 0) + 1);
    const { total, completed, failed } = batch.request_counts;
    requests += total - completed - failed;
  }
  return { batches: counts, requests };
}

/** States in which there is no batch are told too: a series that comes and goes cannot be watched. */
export function toBacklogMetrics({ batches, requests }: BatchBacklog): Metric[] {
  return [
    {
      name: "openbatch_batches",
      help: "Batches that are not at their end, by status.",
      type: "gauge",
      samples: toSamples(
        openStatuses.map((status) => [status, batches.get(status) ?? 0] as const),
        "status",
      ),
    },
    {
      name: "openbatch_requests_left",
      help: "Requests of these batches that have no result yet.",
      type: "gauge",
      samples: [{ value: requests, labels: {} }],
    },
  ];
}
