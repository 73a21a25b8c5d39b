import { OpenbatchError } from "../../errors/index.js";
import type { Database } from "../database/database.js";
import { noteStorageBegun, readStorageMark } from "../database/storage-table.js";
import { markName, type SharedStorage } from "./shared-storage.js";
import { toUnmarkedError } from "./storage-away.js";

/**
 * Marks the storage of a database, if it has none yet. Any later one is only looked at: a share that is not mounted, or a place that
 * is another one, has not got the mark.
 * @throws OpenbatchError `storage_away`, `storage_refused`
 */
export async function claimStorage(database: Database, storage: SharedStorage): Promise<void> {
  if ((await readStorageMark(database)).isBegun) return assertOwnStorage(database, storage);
  await database.transaction(async (session) => {
    const { mark, isBegun } = await readStorageMark(session, { isLocked: true });
    const found = await storage.readMark();
    if (found === undefined && !isBegun) await storage.writeMark(mark);
    else assertMark(found, mark, storage);
    await noteStorageBegun(session);
  });
}

/** @throws OpenbatchError `storage_away` where it has no mark, `storage_refused` where it is another database's. */
export async function assertOwnStorage(database: Database, storage: SharedStorage): Promise<void> {
  const { mark } = await readStorageMark(database);
  assertMark(await storage.readMark(), mark, storage);
}

function assertMark(found: string | undefined, mark: string, { place }: SharedStorage): void {
  if (found === mark) return;
  if (found === undefined) throw toUnmarkedError(place);
  throw new OpenbatchError("storage_refused", `The storage at ${place} is that of another database.`, {
    hint: `Name that of this one: storage (--storage PLACE); or, where that database is no more, remove the file ${markName} from it.`,
  });
}
