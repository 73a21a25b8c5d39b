import { toCarriedJson } from "./carried-text.js";
import type { Session } from "./database.js";
import type { SegmentPart } from "./files-table.js";

/** The committed results of a range. */
export interface CommittedSegment {
  readonly batch: string;
  readonly n: number;
  /** Of the attempt whose results they are. */
  readonly token: string;
  readonly outputBytes: number;
  readonly errorsBytes: number;
  readonly completed: number;
  readonly failed: number;
}

/** Gives whether it is the first one of its range: any later one is not. */
export async function insertSegment(session: Session, segment: CommittedSegment): Promise<boolean> {
  const { batch, n, token, outputBytes, errorsBytes, completed, failed } = segment;
  const rows = await session.query(
    `insert into openbatch.segments (batch, n, token, output_bytes, errors_bytes, completed, failed)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning n`,
    [batch, n, token, outputBytes, errorsBytes, completed, failed],
  );
  return rows.length > 0;
}

export async function hasSegment(session: Session, batch: string, n: number): Promise<boolean> {
  const rows = await session.query("select from openbatch.segments where batch = $1 and n = $2", [batch, n]);
  return rows.length > 0;
}

/** What an attempt at a range has left in the storage. */
export interface AttemptName {
  readonly batch: string;
  readonly n: number;
  readonly token: string;
  /** Whether it is all of one of its files. */
  readonly isWhole: boolean;
}

/**
 * Those, by their numbers, that nobody needs: where the range has its segment all others, and where it has none those of batches
 * that are at their end, or of none.
 */
export async function listUselessAttempts(
  session: Session,
  attempts: readonly AttemptName[],
): Promise<readonly number[]> {
  const rows = await session.query<{ index: number }>(
    `select (given.index - 1)::int as index
     from rows from (json_to_recordset($1::json) as (batch text, n int, token text, "isWhole" boolean))
       with ordinality as given (batch, n, token, is_whole, index)
     left join openbatch.segments using (batch, n)
     where case when segments.token is not null then segments.token <> given.token or not given.is_whole
       else not exists (select from openbatch.batches
         where id = given.batch and status in ('validating', 'in_progress', 'finalizing', 'cancelling')) end`,
    [toCarriedJson(attempts)],
  );
  return rows.map(({ index }) => index);
}

/** A piece of a file. */
export interface Piece {
  readonly n: number;
  readonly token: string;
  readonly bytes: number;
}

/** The pieces of one of the two files of a batch, in their order. */
export async function listPieces(
  session: Session,
  batch: string,
  part: SegmentPart,
): Promise<readonly Piece[]> {
  return session.query<Piece & { readonly [column: string]: unknown }>(
    `select n, token, ${part}_bytes::float8 as bytes from openbatch.segments
     where batch = $1 and ${part}_bytes > 0 order by n`,
    [batch],
  );
}

/** Those of a batch whose numbers are not among these, in their order. */
export async function listOtherSegments(
  session: Session,
  batch: string,
  known: readonly number[],
): Promise<readonly CommittedSegment[]> {
  const [found] = await session.query<{ count: number }>(
    "select count(*)::int as count from openbatch.segments where batch = $1",
    [batch],
  );
  if (found?.count === known.length) return [];
  return session.query<CommittedSegment & { readonly [column: string]: unknown }>(
    `select batch, n, token, output_bytes::float8 as "outputBytes", errors_bytes::float8 as "errorsBytes", completed, failed
     from openbatch.segments where batch = $1 and n <> all($2::int[]) order by n`,
    [batch, known],
  );
}

export async function sumBytes(session: Session, batch: string): Promise<Record<SegmentPart, number>> {
  const [row] = await session.query<Record<SegmentPart, number>>(
    `select coalesce(sum(output_bytes), 0)::float8 as output, coalesce(sum(errors_bytes), 0)::float8 as errors
     from openbatch.segments where batch = $1`,
    [batch],
  );
  return row ?? { output: 0, errors: 0 };
}
