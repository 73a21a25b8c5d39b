import { toCarriedJson } from "./carried-text.js";
import type { Session } from "./database.js";

/** A server that a worker sends to, as the worker tells of it. */
export interface UpstreamReport {
  /** Without a key. */
  readonly target: string;
  /** The same for all who send to this server with this key; tells neither. */
  readonly limitKey: string;
  /** What the key is called; `null` where nobody has said. */
  readonly keyName: string | null;
  /** Those that it has; `null` for any. */
  readonly models: readonly string[] | null;
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  /** How many requests may be under way, and how many are. */
  readonly concurrency: number;
  readonly inFlight: number;
  /** How many ranges are sent to it. */
  readonly ranges: number;
  /** Why nothing is sent to it, and for how long still, in milliseconds. */
  readonly cause: string | null;
  readonly pausedMs: number;
}

export async function reportUpstreams(
  session: Session,
  worker: string,
  upstreams: readonly UpstreamReport[],
): Promise<void> {
  await session.query(
    `insert into openbatch.upstreams (worker, n, target, limit_key, key_name, models, requests_per_minute, tokens_per_minute,
       concurrency, in_flight, ranges, cause, paused_until)
     select $1, ordinality, target, "limitKey", "keyName",
       case when models is not null then array(select json_array_elements_text(models)) end,
       "requestsPerMinute", "tokensPerMinute", concurrency, "inFlight", ranges, cause, now() + "pausedMs" * interval '1 ms'
     from rows from (json_to_recordset($2::json) as (target text, "limitKey" text, "keyName" text, models json,
       "requestsPerMinute" float8, "tokensPerMinute" float8, concurrency int, "inFlight" int, ranges int, cause text,
       "pausedMs" float8)) with ordinality
     on conflict (worker, n) do update set concurrency = excluded.concurrency, in_flight = excluded.in_flight,
       ranges = excluded.ranges, cause = excluded.cause, paused_until = excluded.paused_until, seen_at = now()`,
    [worker, toCarriedJson(upstreams)],
  );
}

/** A worker that is started again finds its batches: what it had counts as long as that. */
const goneFor = "interval '1 minute'";

/** The models that workers have; any, where it is undefined. */
export async function listModels(session: Session): Promise<ReadonlySet<string> | undefined> {
  const rows = await session.query<{ models: readonly string[] | null }>(
    `select distinct models from openbatch.upstreams where seen_at > now() - ${goneFor}`,
  );
  if (rows.some(({ models }) => models === null)) return undefined;
  return new Set(rows.flatMap(({ models }) => models ?? []));
}

/** A model that batches wait for, and no worker has. */
export interface UnservedModel {
  readonly model: string;
  readonly batches: number;
}

/** The key of a model is made here as by `toModelKey`. */
export async function listUnservedModels(session: Session): Promise<readonly UnservedModel[]> {
  return session.query<UnservedModel & { readonly [column: string]: unknown }>(
    `with there as (select models from openbatch.upstreams where seen_at > now() - ${goneFor})
     select coalesce(record -> 'object' ->> 'model', '') as model, count(*)::int as batches from openbatch.batches
     where status = 'in_progress' and not exists (select from there where models is null)
       and model_key <> all (array(
         select left(encode(sha256(convert_to(model, 'UTF8')), 'hex'), 32) from there, unnest(models) as model))
     group by 1 order by 1`,
  );
}

/** What workers that are there tell of their servers, in the order in which they have them. */
export async function listUpstreams(
  session: Session,
): Promise<readonly (UpstreamReport & { readonly worker: string })[]> {
  return session.query<UpstreamReport & { readonly worker: string; readonly [column: string]: unknown }>(
    `select worker, target, limit_key as "limitKey", key_name as "keyName", models, requests_per_minute as "requestsPerMinute",
       tokens_per_minute as "tokensPerMinute", concurrency, in_flight as "inFlight", ranges, cause,
       greatest(0, extract(epoch from paused_until - now()) * 1000)::float8 as "pausedMs"
     from openbatch.upstreams where seen_at > now() - ${goneFor} order by worker, n`,
  );
}
