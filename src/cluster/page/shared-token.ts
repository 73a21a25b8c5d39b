import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type CallerKey, pageSecretName, readPageToken } from "../../serve/index.js";
import type { Database } from "../database/database.js";
import type { SharedStorage } from "../storage/shared-storage.js";

/**
 * What opens the page of each server that has these keys. It is made of a secret in the storage and of the keys, so that who can read one of
 * the two alone does not have it.
 */
export function readSharedToken(
  database: Database,
  storage: SharedStorage,
  keys: readonly CallerKey[] = [],
): Promise<string> {
  const place = {
    read: async () =>
      (await storage.size(pageSecretName)) === undefined ? undefined : text(storage.getRange(pageSecretName)),
    write: async (secret: string) => {
      // One that was not written to its end is in the way.
      await storage.remove(pageSecretName);
      await storage.put(pageSecretName, Readable.from([Buffer.from(secret)]));
    },
  };
  const own = keys.map(({ key }) => key).sort();
  return database.transaction(async (session) => {
    // Of servers that are started at once the first makes it.
    await session.query("select pg_advisory_xact_lock(hashtext('openbatch page'))");
    return readPageToken(place, own.join(" "));
  });
}
