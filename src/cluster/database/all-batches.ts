import type { BatchRecord } from "../../serve/index.js";
import { type BatchRow, batchColumns, liveColumn, toShown, unfinished } from "./batches-table.js";
import type { Session } from "./database.js";
import { newestOfAll } from "./newest-of-all.js";

/** A batch as it is shown, whoever it belongs to. */
export interface OwnedBatch {
  readonly record: BatchRecord;
  readonly owner: string;
  readonly priority: number;
  /** The file that is its input; `null` where there was none. */
  readonly input: string | null;
}

export async function listNewestBatches(session: Session, most: number): Promise<readonly OwnedBatch[]> {
  const rows = await session.query<BatchRow>(
    `select ${batchColumns}, ${liveColumn} from (${newestOfAll("batches", "true")}) as batches order by sequence desc`,
    [most],
  );
  return rows.map(toOwned);
}

export async function countBatches(session: Session): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    "select count(*)::int as count from openbatch.batches",
  );
  return row?.count ?? 0;
}

export async function findBatchOfAll(session: Session, id: string): Promise<OwnedBatch | undefined> {
  const [row] = await session.query<BatchRow>(
    `select ${batchColumns}, ${liveColumn} from openbatch.batches where id = $1`,
    [id],
  );
  return row && toOwned(row);
}

/** A later batch of the same owner whose metadata has this value under a name. */
export async function findLaterBatch(
  session: Session,
  { owner, record }: Pick<OwnedBatch, "owner" | "record">,
  [name, value]: readonly [string, string],
): Promise<string | undefined> {
  const [row] = await session.query<{ id: string }>(
    `select id from openbatch.batches
     where owner = $1 and sequence > $2 and record -> 'object' -> 'metadata' ->> $3 = $4 order by sequence limit 1`,
    [owner, record.sequence, name, value],
  );
  return row?.id;
}

/**
 * Another whenever a batch has come, or is further than before, and whenever a file has come or gone. What a sequence gave out last
 * is known without looking at any row.
 */
export async function stampAll(session: Session): Promise<string> {
  const last = (table: string): string =>
    `pg_sequence_last_value(pg_get_serial_sequence('openbatch.${table}', 'sequence')::regclass)`;
  const [row] = await session.query<{ stamp: string }>(
    `select concat_ws(' ', ${last("files")}, ${last("batches")},
       (select max(removed_at) from openbatch.files where removed_at is not null),
       (select md5(string_agg(concat_ws(' ', id, status, batches.completed + progress.completed, batches.failed + progress.failed), ',' order by id))
        from openbatch.batches, lateral (
          select coalesce(sum(completed), 0) as completed, coalesce(sum(failed), 0) as failed
          from openbatch.progress where batch = batches.id) as progress
        where ${unfinished})) as stamp`,
  );
  return row?.stamp ?? "";
}

function toOwned(row: BatchRow): OwnedBatch {
  const { owner, priority, input } = row;
  return { record: toShown(row), owner, priority, input };
}
