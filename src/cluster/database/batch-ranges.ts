import { addUsage, type Usage } from "../../api/index.js";
import type { StoredBatch } from "./batches-table.js";
import type { Session } from "./database.js";

/** An input that was read. */
export interface BatchUnits {
  /** Where each unit begins, and where the last one ends. */
  readonly offsets: readonly number[];
  readonly modelKey: string | null;
}

export async function setUnits(
  session: Session,
  id: string,
  { offsets, modelKey }: BatchUnits,
): Promise<void> {
  await session.query(
    "update openbatch.batches set offsets = $2, units = $3, bounds = '{0}', model_key = $4 where id = $1",
    [id, offsets, offsets.length - 1, modelKey],
  );
}

/**
 * Fixes what the next ranges of a batch that is locked cover.
 * @param sizes how many units each has.
 */
export async function addRanges(
  session: Session,
  { record, ranges, unitsGiven }: Pick<StoredBatch, "record" | "ranges" | "unitsGiven">,
  sizes: readonly number[],
): Promise<void> {
  const bounds: number[] = [];
  for (const size of sizes) bounds.push((bounds.at(-1) ?? unitsGiven) + size);
  await session.query(
    `update openbatch.batches set bounds = bounds || $2::int[], ranges = $3, ranges_left = ranges_left + $4
     where id = $1`,
    [record.id, bounds, ranges + sizes.length, sizes.length],
  );
}

/** Where a range begins, and where it ends. */
export async function readRange(session: Session, id: string, n: number): Promise<readonly [number, number]> {
  const [row] = await session.query<{ start: number; end: number }>(
    `select offsets[bounds[$2 + 1] + 1]::float8 as start, offsets[bounds[$2 + 2] + 1]::float8 as end
     from openbatch.batches where id = $1`,
    [id, n],
  );
  if (row === undefined) throw new TypeError(`There is no batch ${id}.`);
  return [row.start, row.end];
}

/** What was answered of a range. */
export interface RangeCounts {
  readonly completed: number;
  readonly failed: number;
  readonly usage: Usage;
  /** How many requests a second were sent; unknown, where none was. */
  readonly pace?: number | undefined;
}

/** Takes a range into account that has just been committed, in a batch that is locked. */
export async function countRange(
  session: Session,
  { record, usage, ...before }: StoredBatch,
  counts: RangeCounts,
): Promise<StoredBatch> {
  const after = {
    rangesLeft: before.rangesLeft - 1,
    pace: toPace(before.pace, counts.pace),
    completed: before.completed + counts.completed,
    failed: before.failed + counts.failed,
    usage: addUsage(usage, counts.usage),
  };
  await session.query(
    `update openbatch.batches
     set ranges_left = $2, pace = $3, completed = $4, failed = $5, usage = $6 where id = $1`,
    [record.id, after.rangesLeft, after.pace, after.completed, after.failed, after.usage],
  );
  return { ...before, record, ...after };
}

/** What was measured lately counts half. */
function toPace(before: number | null, measured: number | undefined): number | null {
  if (measured === undefined) return before;
  return before === null ? measured : (before + measured) / 2;
}
