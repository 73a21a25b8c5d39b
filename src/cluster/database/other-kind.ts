import type { Session } from "./database.js";

/** What workers of the other kind began, whose answers are made up where those of this one are not. */
export interface BegunByOthers {
  /** Batches that need answers. */
  readonly running: readonly string[];
  /** Whether there are others of which something is left, which need none: cancelled, or out of time. */
  readonly hasHalted: boolean;
}

export async function listBegunByOthers(session: Session, isRehearsal: boolean): Promise<BegunByOthers> {
  const rows = await session.query<{ id: string; isRunning: boolean }>(
    `select id, status = 'in_progress' and expires_at > now() as "isRunning" from openbatch.batches
     where status in ('in_progress', 'finalizing', 'cancelling') and (record ->> 'isRehearsal')::boolean <> $1`,
    [isRehearsal],
  );
  const running = rows.filter((row) => row.isRunning).map(({ id }) => id);
  return { running, hasHalted: running.length < rows.length };
}
