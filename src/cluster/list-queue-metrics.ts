import { type Metric, toBacklogMetrics } from "../serve/index.js";
import { isAway, type Session } from "./database/database.js";
import { readBacklog } from "./database/read-backlog.js";

/** What is to be done by all workers, as the database knows it; where it is away, that it is. */
export async function listQueueMetrics(database: Session): Promise<readonly Metric[]> {
  try {
    const { workers, ranges, rangesUnderWay, ...backlog } = await readBacklog(database);
    return [
      ...toBacklogMetrics(backlog),
      toGauge("openbatch_workers", "Workers that have told of themselves in the last 15 seconds.", {
        "": workers,
      }),
      toGauge("openbatch_ranges", "Ranges without a segment, of batches that are not at their end.", {
        waiting: Math.max(0, ranges - rangesUnderWay),
        under_way: rangesUnderWay,
      }),
      toReachable(1),
    ];
  } catch (error) {
    if (isAway(error)) return [toReachable(0)];
    throw error;
  }
}

function toReachable(value: number): Metric {
  return toGauge("openbatch_database_up", "Whether the database can be reached.", { "": value });
}

/** @param values by state; by none, where that is empty. */
function toGauge(name: string, help: string, values: Readonly<Record<string, number>>): Metric {
  const samples = Object.entries(values).map(([state, value]) => ({
    value,
    labels: state === "" ? {} : { state },
  }));
  return { name, help, type: "gauge", samples };
}
