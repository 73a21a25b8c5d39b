import { setTimeout as sleep } from "node:timers/promises";
import { countUnfinished } from "./database/batches-table.js";
import { Database } from "./database/database.js";
import { assertMigrated } from "./database/migrate.js";
import { listUnservedModels, type UnservedModel } from "./database/upstreams-table.js";
import { listWorkers, type SeenWorker } from "./database/workers-table.js";

/** The workers of a database, and what none of them can do. */
export interface SeenWorkers {
  readonly workers: readonly PacedWorker[];
  /** Models that batches wait for, and no worker has. */
  readonly unserved: readonly UnservedModel[];
}

export interface PacedWorker extends SeenWorker {
  /** How many requests a second it does now; `null` where it did not tell of itself again. */
  readonly pace: number | null;
}

/** Workers tell of themselves every three seconds. In milliseconds. */
const longestMs = 5_000;
const lookMs = 250;

/**
 * The workers that are there: on what, since when, what they have done, and how fast. Where there is work it takes some seconds,
 * until each has told of itself once more.
 */
export async function readWorkersOf(options: { readonly database: string }): Promise<SeenWorkers> {
  const database = await Database.open(options.database);
  try {
    await assertMigrated(database);
    return { workers: await listPaced(database), unserved: await listUnservedModels(database) };
  } finally {
    await database.close();
  }
}

async function listPaced(database: Database): Promise<readonly PacedWorker[]> {
  const first = await listWorkers(database);
  if ((await countUnfinished(database)) === 0) return first.map((worker) => ({ ...worker, pace: 0 }));
  const before = new Map(first.map((worker) => [worker.id, worker]));
  const end = performance.now() + longestMs;
  for (;;) {
    const workers = (await listWorkers(database)).map((worker) => withPace(worker, before.get(worker.id)));
    if (workers.every(({ pace }) => pace !== null) || performance.now() > end) return workers;
    await sleep(lookMs);
  }
}

function withPace(now: SeenWorker, before: SeenWorker = now): PacedWorker {
  const seconds = now.seenAt - before.seenAt;
  // What it has given back is not its own any more.
  const done = Math.max(0, now.completed + now.failed - before.completed - before.failed);
  return { ...now, pace: seconds > 0 ? done / seconds : null };
}
