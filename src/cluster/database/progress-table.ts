import type { Usage } from "../../api/index.js";
import { toCarriedJson } from "./carried-text.js";
import type { Session } from "./database.js";

/** How far a range is. */
export interface RangeProgress {
  readonly batch: string;
  readonly n: number;
  readonly completed: number;
  readonly failed: number;
  readonly usage: Usage;
}

/** Shows how far ranges are. What was shown of one does not go back. Of two attempts of one worker at a range the further one counts. */
export async function writeProgress(session: Session, ranges: readonly RangeProgress[]): Promise<void> {
  if (ranges.length === 0) return;
  await session.query(
    `insert into openbatch.progress (batch, n, completed, failed, usage)
     select distinct on (batch, n) batch, n, completed, failed, usage
     from json_to_recordset($1::json) as given (batch text, n int, completed int, failed int, usage json)
     order by batch, n, completed + failed desc
     on conflict (batch, n) do update set
       usage = case when excluded.completed + excluded.failed >= progress.completed + progress.failed
         then excluded.usage else progress.usage end,
       completed = greatest(progress.completed, excluded.completed),
       failed = greatest(progress.failed, excluded.failed),
       at = now()`,
    [toCarriedJson(ranges)],
  );
}

/** Notes that a range is taken. Gives how often it was taken without getting any further, this time too. */
export async function countTake(session: Session, batch: string, n: number): Promise<number> {
  const [row] = await session.query<{ takes: number }>(
    `insert into openbatch.progress (batch, n, takes) values ($1, $2, 1)
     on conflict (batch, n) do update set
       takes = case when progress.completed + progress.failed > progress.done_when_taken then 1 else progress.takes + 1 end,
       done_when_taken = progress.completed + progress.failed
     returning takes`,
    [batch, n],
  );
  return row?.takes ?? 1;
}

/** A range that is given back for a cause outside it was not taken in vain. */
export async function forgetTakes(session: Session, batch: string, n: number): Promise<void> {
  await session.query("update openbatch.progress set takes = 0 where batch = $1 and n = $2", [batch, n]);
}

export async function removeProgress(session: Session, batch: string, n: number): Promise<void> {
  await session.query("delete from openbatch.progress where batch = $1 and n = $2", [batch, n]);
}

/** Whether anything of a batch was answered that is not committed. */
export async function hasProgress(session: Session, batch: string): Promise<boolean> {
  const rows = await session.query(
    "select from openbatch.progress where batch = $1 and completed + failed > 0 limit 1",
    [batch],
  );
  return rows.length > 0;
}
