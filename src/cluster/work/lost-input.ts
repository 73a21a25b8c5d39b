import { setTimeout as sleep } from "node:timers/promises";
import { assertOwnStorage } from "../storage/claim-storage.js";
import { tryStorage } from "../storage/open-storage.js";
import { toUploadName } from "../store/object-names.js";
import type { WorkerParts } from "./worker-parts.js";

/** A storage may be away for a moment: it is looked again after so long, in milliseconds. */
const againMs = 2_000;

/**
 * Whether an input is gone for good: the storage is the one of the database, can be written and read, and has nothing under the
 * name of the input, now and a moment ago.
 * @throws OpenbatchError `storage_away` or `storage_refused` where nobody can tell.
 */
export async function isInputLost(
  input: string,
  { database, storage }: Pick<WorkerParts, "database" | "storage">,
): Promise<boolean> {
  const name = toUploadName(input);
  if ((await storage.size(name)) !== undefined) return false;
  await sleep(againMs);
  await assertOwnStorage(database, storage);
  await tryStorage(storage);
  return (await storage.size(name)) === undefined;
}
