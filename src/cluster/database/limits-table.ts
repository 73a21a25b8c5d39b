import type { ServedLimit } from "../../view/index.js";
import type { Session } from "./database.js";

/** A limit that all workers keep together who send to one server with one key. */
export interface SharedLimit {
  /** Tells the server and the key apart from others, and tells neither. */
  readonly key: string;
  /** In a minute; none, where it is undefined. */
  readonly requests: number | undefined;
  readonly tokens: number | undefined;
}

/** So much of either; below 0 it is given back. */
export interface Amount {
  readonly requests: number;
  readonly tokens: number;
}

/** As in a bucket of a second's worth; what goes at once at the beginning counts within its minute too. */
const filled = (level: string, perMinute: string): string => `least(
  greatest(1, ${perMinute} / 60), ${level} + (${perMinute} - (greatest(1, ${perMinute} / 60) - 1)) / 60
    * greatest(0, extract(epoch from clock_timestamp() - limits.at))::float8)`;

/** One that nobody took of is full. */
export async function makeLimit(
  session: Session,
  { key, requests = 0, tokens = 0 }: SharedLimit,
): Promise<void> {
  await session.query(
    `insert into openbatch.limits (key, requests, tokens)
     values ($1, greatest(1, $2::float8 / 60), greatest(1, $3::float8 / 60)) on conflict do nothing`,
    [key, requests, tokens],
  );
}

/**
 * Takes of a limit what is wanted, or as much of it as there is. The time that counts is that of the database, once the row is this statement's own.
 */
export async function takeFromLimit(
  session: Session,
  { key, requests, tokens }: SharedLimit,
  wanted: Amount,
): Promise<Amount> {
  const [row] = await session.query<Amount & { readonly [column: string]: unknown }>(
    `with held as (select * from openbatch.limits where key = $1 for update),
     full_levels as (
       select ${filled("limits.requests", "$2::float8")} as requests, ${filled("limits.tokens", "$3::float8")} as tokens
       from held as limits),
     granted as (
       select least($4::float8, greatest(0, requests)) as requests, least($5::float8, greatest(0, tokens)) as tokens
       from full_levels)
     update openbatch.limits set
       requests = full_levels.requests - granted.requests, tokens = full_levels.tokens - granted.tokens,
       at = clock_timestamp()
     from full_levels, granted where key = $1
     returning granted.requests, granted.tokens`,
    [key, requests ?? 0, tokens ?? 0, wanted.requests, wanted.tokens],
  );
  return row ?? { requests: 0, tokens: 0 };
}

/** The limits of workers that are there; also what only a pause is known of. */
export async function listLimits(session: Session): Promise<readonly ServedLimit[]> {
  const [requests, tokens] = ["requests", "tokens"].map((kind) => `coalesce(max(${kind}_per_minute), 0)`);
  return session.query<ServedLimit & { readonly [column: string]: unknown }>(
    `select min(target) as target, min(key_name) as "keyName", count(distinct worker)::int as workers,
       max(requests_per_minute) as "requestsPerMinute", max(tokens_per_minute) as "tokensPerMinute",
       ${filled("limits.requests", requests ?? "")} as "requestsLeft", ${filled("limits.tokens", tokens ?? "")} as "tokensLeft",
       greatest(0, coalesce(extract(epoch from limits.paused_until - now()), 0) * 1000)::float8 as "pausedMs"
     from openbatch.upstreams join openbatch.limits on limits.key = upstreams.limit_key
     where seen_at > now() - interval '1 minute'
     group by limits.key
     having max(requests_per_minute) is not null or max(tokens_per_minute) is not null or limits.paused_until > now()
     order by 1, limits.key`,
  );
}

/** Notes that the server has asked to wait, for those who are not told of it. */
export async function pauseLimit(session: Session, key: string, ms: number): Promise<void> {
  await session.query(
    `update openbatch.limits set paused_until = greatest(paused_until, now() + $2::float8 * interval '1 ms')
     where key = $1`,
    [key, ms],
  );
}

/** For how long still nothing is to be sent, in milliseconds. */
export async function readPauseMs(session: Session, key: string): Promise<number> {
  const [row] = await session.query<{ ms: number }>(
    `select greatest(0, extract(epoch from paused_until - now()) * 1000)::float8 as ms
     from openbatch.limits where key = $1 and paused_until is not null`,
    [key],
  );
  return row?.ms ?? 0;
}
