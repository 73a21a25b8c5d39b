import { OpenbatchError } from "../../errors/index.js";
import { assertNoneBegunOtherwise } from "../../serve/index.js";
import type { Database } from "../database/database.js";
import { listBegunByOthers } from "../database/other-kind.js";
import { listWorkers, rehearsalTarget } from "../database/workers-table.js";

/** A worker that was killed stands in no other's way for longer than that, in seconds. */
const silentSeconds = 15;

/**
 * Who takes a batch decides whether its answers are made up. So that nobody pays for what was to be rehearsed, and nobody takes
 * made-up answers for real ones, the workers of a database are of one kind, also those that went and left something.
 * @throws OpenbatchError `rehearsal_mixed`, `unfinished_batches`
 */
export async function assertOneKind(database: Database, isRehearsal: boolean): Promise<void> {
  const workers = await listWorkers(database);
  const other = workers.find(
    (worker) => (worker.target === rehearsalTarget) !== isRehearsal && worker.silentSeconds < silentSeconds,
  );
  if (other === undefined) {
    const { running } = await listBegunByOthers(database, isRehearsal);
    return assertNoneBegunOtherwise({
      ...{ place: "The database", count: running.length, isRehearsal },
      otherwise: "cancel them, or use another database: database (--database URL)",
    });
  }
  const message = isRehearsal
    ? `Answers would be made up, and worker ${other.name} of this database sends to ${other.target}.`
    : `Requests would be sent, and worker ${other.name} of this database makes answers up.`;
  throw new OpenbatchError("rehearsal_mixed", message, {
    hint: `Stop that worker, and wait ${silentSeconds} seconds if it was killed; or take another database: database (--database URL).`,
  });
}
