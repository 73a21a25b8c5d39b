import { Database } from "./database/database.js";
import { assertMigrated } from "./database/migrate.js";
import { listUnservedModels, type UnservedModel } from "./database/upstreams-table.js";
import { listWorkers, type SeenWorker } from "./database/workers-table.js";

/** The workers of a database, and what none of them can do. */
export interface SeenWorkers {
  readonly workers: readonly SeenWorker[];
  /** Models that batches wait for, and no worker has. */
  readonly unserved: readonly UnservedModel[];
}

/** The workers that are there: on what, since when, and what they have done. */
export async function readWorkersOf(options: { readonly database: string }): Promise<SeenWorkers> {
  const database = await Database.open(options.database);
  try {
    await assertMigrated(database);
    return { workers: await listWorkers(database), unserved: await listUnservedModels(database) };
  } finally {
    await database.close();
  }
}
