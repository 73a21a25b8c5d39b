import { hostname } from "node:os";
import type { Session } from "./database.js";

const beginning = "openbatch serve ";
/** PostgreSQL keeps no more of a name, in bytes. */
const mostBytes = 63;

/** What the database is told of a server that connects: what it is, its host and its process. */
export function toServerName(): string {
  const end = `:${process.pid}`;
  const host = hostname().slice(0, mostBytes - beginning.length - end.length);
  return `${beginning}${host}${end}`;
}

/** The servers that are connected to this database, and were heard of in the last quarter of a minute. */
export async function listServers(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `select distinct substr(application_name, $2) as name from pg_stat_activity
     where datname = current_database() and starts_with(application_name, $1)
       and greatest(backend_start, state_change) > clock_timestamp() - interval '15 seconds' order by 1`,
    [beginning, beginning.length + 1],
  );
  return rows.map(({ name }) => name);
}
