import type { BatchBacklog } from "../../serve/index.js";
import type { Session, TableRow } from "./database.js";

/** What is not done yet, and by how many it is being done. */
export interface FleetBacklog extends BatchBacklog {
  readonly workers: number;
  /** Those that are fixed, and have no segment. */
  readonly ranges: number;
  /** Of them, those that workers said they had. */
  readonly rangesUnderWay: number;
}

interface StatusRow extends TableRow {
  readonly status: string;
  readonly batches: number;
  readonly requests: number;
  readonly ranges: number;
}

interface WorkersRow extends TableRow {
  readonly workers: number;
  readonly ranges: number;
}

export async function readBacklog(session: Session): Promise<FleetBacklog> {
  const rows = await session.query<StatusRow>(
    `select status, count(*)::int as batches, sum(ranges_left)::float8 as ranges,
       sum(coalesce((record -> 'object' -> 'request_counts' ->> 'total')::int, 0) - completed - failed - coalesce((
         select sum(progress.completed + progress.failed) from openbatch.progress where batch = batches.id), 0))::float8 as requests
     from openbatch.batches where status in ('validating', 'in_progress', 'finalizing', 'cancelling') group by status`,
  );
  const [busy] = await session.query<WorkersRow>(
    `select count(*)::int as workers, coalesce(sum(ranges), 0)::int as ranges
     from openbatch.workers where seen_at > now() - interval '15 seconds'`,
  );
  return {
    batches: new Map(rows.map(({ status, batches }) => [status, batches])),
    requests: sum(rows.map(({ requests }) => requests)),
    workers: busy?.workers ?? 0,
    ranges: sum(rows.map(({ ranges }) => ranges)),
    rangesUnderWay: busy?.ranges ?? 0,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
