import type { Session } from "./database.js";
import { listUpstreams, type UpstreamReport } from "./upstreams-table.js";

/** A worker as it tells of itself. */
export interface WorkerReport {
  readonly id: string;
  /** Host and process. */
  readonly name: string;
  /** What answers its requests, without a key. */
  readonly target: string;
  /** How many ranges it has. */
  readonly ranges: number;
  readonly completed: number;
  readonly failed: number;
}

export async function reportWorker(session: Session, report: WorkerReport): Promise<void> {
  const { id, name, target, ranges, completed, failed } = report;
  await session.query(
    `insert into openbatch.workers (id, name, target, ranges, completed, failed) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set seen_at = now(), ranges = $4, completed = $5, failed = $6`,
    [id, name, target, ranges, completed, failed],
  );
}

/** What a worker says that makes answers up, in the place of a server. */
export const rehearsalTarget = "rehearsal";

/** One that says nothing for so long is not there. */
const silentFor = "interval '1 minute'";

/** A worker as others see it. */
export interface SeenWorker extends WorkerReport {
  /** The servers that it sends to, with how it stands with them, and their limits. */
  readonly upstreams: readonly UpstreamReport[];
  /** In seconds since 1970. */
  readonly startedAt: number;
  /** When it told of itself last, in seconds since 1970, by the clock of the database. */
  readonly seenAt: number;
  /** How long it has said nothing, in seconds. */
  readonly silentSeconds: number;
}

export async function listWorkers(session: Session): Promise<readonly SeenWorker[]> {
  const upstreams = await listUpstreams(session);
  const workers = await session.query<Omit<SeenWorker, "upstreams"> & { readonly [column: string]: unknown }>(
    `select id, name, target, ranges, completed::float8, failed::float8,
       floor(extract(epoch from started_at))::float8 as "startedAt",
       extract(epoch from seen_at)::float8 as "seenAt",
       floor(extract(epoch from now() - seen_at))::float8 as "silentSeconds"
     from openbatch.workers where seen_at > now() - ${silentFor} order by started_at`,
  );
  return workers.map((worker) => ({
    ...worker,
    upstreams: upstreams.filter((each) => each.worker === worker.id).map(({ worker: _, ...same }) => same),
  }));
}

/** How many are there now. */
export async function countWorkers(session: Session): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    "select count(*)::int as count from openbatch.workers where seen_at > now() - interval '15 seconds'",
  );
  return row?.count ?? 0;
}

export async function removeWorker(session: Session, id: string): Promise<void> {
  const old = "seen_at < now() - interval '1 day'";
  await session.query(`delete from openbatch.workers where id = $1 or ${old}`, [id]);
  await session.query(`delete from openbatch.upstreams where ${old}`);
}
