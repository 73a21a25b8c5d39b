import { addUsage, isAtEnd, noUsage, type Usage } from "../../api/index.js";
import { messagesURL } from "../../rehearse/index.js";
import { type BatchChange, type BatchRecord, type BatchSlice, withChange } from "../../serve/index.js";
import type { Session } from "./database.js";

/** A batch with what only its workers need to know. */
export interface StoredBatch {
  readonly record: BatchRecord;
  readonly owner: string;
  readonly priority: number;
  /** The file that is its input; `null` where there was none. */
  readonly input: string | null;
  /** Those that are fixed until now, and how many of them are not committed. */
  readonly ranges: number;
  readonly rangesLeft: number;
  /** The units of its input, and how many of them are in ranges. */
  readonly units: number;
  readonly unitsGiven: number;
  /** How many bytes they have. */
  readonly bytes: number;
  /** How many requests a second a range has sent that was committed lately. */
  readonly pace: number | null;
  /** Tells the model that it asks for apart from others; `null` where it names none. */
  readonly modelKey: string | null;
  /** What is committed. */
  readonly completed: number;
  readonly failed: number;
  readonly usage: Usage;
  /** The time of the database, in seconds. */
  readonly now: number;
}

export interface BatchRow {
  readonly [column: string]: unknown;
  readonly record: Omit<BatchRecord, "sequence">;
  readonly sequence: number;
  readonly owner: string;
  readonly priority: number;
  readonly input: string | null;
  readonly ranges: number;
  readonly ranges_left: number;
  readonly units: number;
  readonly units_given: number;
  readonly bytes: number;
  readonly pace: number | null;
  readonly model_key: string | null;
  readonly completed: number;
  readonly failed: number;
  readonly usage: Usage | null;
  readonly now: number;
  /** What is counted of ranges that have no segment yet. */
  readonly live?: readonly LiveCounts[] | null;
}

interface LiveCounts {
  readonly completed: number;
  readonly failed: number;
  readonly usage: Usage | null;
}

/** What is read of a batch. */
export const batchColumns = `record, sequence::float8, owner, priority, input, ranges, ranges_left, units, model_key, pace,
  coalesce(bounds[ranges + 1], 0) as units_given, coalesce(offsets[units + 1], 0)::float8 as bytes,
  completed::float8, failed::float8, usage, floor(extract(epoch from now()))::float8 as now`;

/** In one statement with the batch, so that a range is counted once: by its segment, or while it is under way. */
export const liveColumn = `(select json_agg(json_build_object('completed', completed, 'failed', failed, 'usage', usage))
  from openbatch.progress where batch = batches.id and not exists (
    select from openbatch.segments where segments.batch = progress.batch and segments.n = progress.n)) as live`;

/** Whether a batch is not at its end. */
export const unfinished = "status in ('validating', 'in_progress', 'finalizing', 'cancelling')";

/** The time of the database, in seconds. */
export async function readNow(session: Session): Promise<number> {
  const [row] = await session.query<{ now: number }>(
    "select floor(extract(epoch from now()))::float8 as now",
  );
  return row?.now ?? 0;
}

/** A batch as it is shown: with all that was answered until now. */
export async function findBatch(
  session: Session,
  id: string,
  owner: string,
): Promise<BatchRecord | undefined> {
  const [row] = await session.query<BatchRow>(
    `select ${batchColumns}, ${liveColumn} from openbatch.batches where id = $1 and owner = $2`,
    [id, owner],
  );
  return row && toShown(row);
}

export async function listBatches(
  session: Session,
  { order, after, limit, isOfMessages }: BatchSlice,
  owner: string,
): Promise<readonly BatchRecord[]> {
  const rows = await session.query<BatchRow>(
    `select ${batchColumns}, ${liveColumn} from openbatch.batches
     where owner = $1 and ($2::float8 is null or sequence ${order === "asc" ? ">" : "<"} $2)
       and (record -> 'object' ->> 'endpoint' = $3) = $4
     order by sequence ${order} limit $5`,
    [owner, after ?? null, messagesURL, isOfMessages, limit],
  );
  return rows.map(toShown);
}

export async function sequenceOfBatch(
  session: Session,
  id: string,
  owner: string,
): Promise<number | undefined> {
  const [row] = await session.query<{ sequence: number }>(
    "select sequence::float8 from openbatch.batches where id = $1 and owner = $2",
    [id, owner],
  );
  return row?.sequence;
}

export async function countUnfinished(session: Session, owner?: string): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `select count(*)::int as count from openbatch.batches where ${unfinished} and ($1::text is null or owner = $1)`,
    [owner ?? null],
  );
  return row?.count ?? 0;
}

export interface NewBatch {
  readonly record: Omit<BatchRecord, "sequence">;
  readonly owner: string;
  readonly priority: number;
  /** The file that is its input, where it names none. */
  readonly input?: string | undefined;
}

/** Its input is the file that it names, if it is there and belongs to the same owner. */
export async function insertBatch(
  session: Session,
  { record, owner, priority, input }: NewBatch,
): Promise<BatchRecord> {
  const [row] = await session.query<{ sequence: number }>(
    `insert into openbatch.batches (id, owner, priority, record, expires_at, input)
     values ($1, $2, $3, $4, to_timestamp($5), coalesce($7, (
       select id from openbatch.files where id = $6 and owner = $2 and removed_at is null
         and (expires_at is null or expires_at > now()))))
     returning sequence::float8`,
    [
      ...[record.id, owner, priority, record, record.object.expires_at],
      ...[record.object.input_file_id, input ?? null],
    ],
  );
  return { ...record, sequence: row?.sequence ?? 0 };
}

/** A batch as it is; locked until the end of the transaction, where that is asked for. */
export async function loadBatch(
  session: Session,
  id: string,
  { isLocked = false }: { readonly isLocked?: boolean } = {},
): Promise<StoredBatch | undefined> {
  const [row] = await session.query<BatchRow>(
    `select ${batchColumns} from openbatch.batches where id = $1 ${isLocked ? "for update" : ""}`,
    [id],
  );
  return row && toStored(row);
}

/** Changes a batch that is locked. One that comes into a state is given the time of it. */
export async function changeBatch(
  session: Session,
  { record, now }: Pick<StoredBatch, "record" | "now">,
  change: BatchChange,
): Promise<BatchRecord> {
  const changed = withChange(record, change, now);
  const { sequence: _, ...kept } = changed;
  await session.query("update openbatch.batches set record = $2 where id = $1", [record.id, kept]);
  return changed;
}

/** Batches that ask for a model other than those. What is halted is settled by anyone, and so in none of the two. */
export async function listOfOtherModels(
  session: Session,
  modelKeys: readonly string[],
): Promise<readonly string[]> {
  const rows = await session.query<{ id: string }>(
    "select id from openbatch.batches where status = 'in_progress' and model_key <> all($1)",
    [modelKeys],
  );
  return rows.map(({ id }) => id);
}

/** Batches that are in progress, and out of time; locked. Those that another process looks after are left out. */
export async function lockExpired(session: Session): Promise<readonly StoredBatch[]> {
  const rows = await session.query<BatchRow>(
    `select ${batchColumns} from openbatch.batches where status = 'in_progress' and expires_at <= now()
     limit 100 for update skip locked`,
  );
  return rows.map(toStored);
}

/**
 * Batches whose input nobody has read, and that are cancelled, or out of time where no worker is there to read it; locked. Those that
 * another process looks after are left out.
 */
export async function lockUnbegun(session: Session, workers: number): Promise<readonly StoredBatch[]> {
  const rows = await session.query<BatchRow>(
    `select ${batchColumns} from openbatch.batches
     where units = 0 and (status = 'cancelling' or status = 'validating' and expires_at <= now() and $1 = 0)
     limit 100 for update skip locked`,
    [workers],
  );
  return rows.map(toStored);
}

function toStored(row: BatchRow): StoredBatch {
  const { record, sequence, owner, priority, input, ranges, completed, failed, now } = row;
  return {
    ...{ record: { ...record, sequence }, owner, priority, input, ranges, completed, failed, now },
    ...{ rangesLeft: row.ranges_left, modelKey: row.model_key, pace: row.pace },
    ...{ units: row.units, unitsGiven: row.units_given, bytes: row.bytes },
    usage: row.usage ?? noUsage,
  };
}

/** A batch as it is shown. At its end it says itself what was answered. */
export function toShown(row: BatchRow): BatchRecord {
  const { record, completed, failed, usage } = toStored(row);
  if (isAtEnd(record.object) || row.ranges === 0) return record;
  const sum = { completed, failed, usage };
  for (const range of row.live ?? []) {
    sum.completed += range.completed;
    sum.failed += range.failed;
    sum.usage = addUsage(sum.usage, range.usage ?? noUsage);
  }
  const { total } = record.object.request_counts;
  const request_counts = { total, completed: sum.completed, failed: sum.failed };
  return { ...record, object: { ...record.object, request_counts, usage: sum.usage } };
}
