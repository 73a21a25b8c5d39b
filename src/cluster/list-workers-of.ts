import { Database } from "./database/database.js";
import { assertMigrated } from "./database/migrate.js";
import { listWorkers, type SeenWorker } from "./database/workers-table.js";

/** The workers that are there: on what, since when, and what they have done. */
export async function listWorkersOf(options: { readonly database: string }): Promise<readonly SeenWorker[]> {
  const database = await Database.open(options.database);
  try {
    await assertMigrated(database);
    return await listWorkers(database);
  } finally {
    await database.close();
  }
}
