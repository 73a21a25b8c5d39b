import { setTimeout as sleep } from "node:timers/promises";
import { OpenbatchError } from "../../errors/index.js";
import type { Database } from "../database/database.js";
import { assertOwnStorage } from "./claim-storage.js";
import type { SharedStorage } from "./shared-storage.js";

/** So long an answer holds, and so long it is waited for at the most, in milliseconds. */
const freshMs = 2_000;
const mostMs = 3_000;

/**
 * Makes what sees whether the storage is there, as often as anybody likes: it asks the storage one thing at a time, and less often.
 * What it makes throws `storage_away` or `storage_refused` where it is not.
 */
export function createStorageProbe(database: Database, storage: SharedStorage): () => Promise<void> {
  let asked: Promise<void> | undefined;
  const forget = (): void => {
    setTimeout(() => {
      asked = undefined;
    }, freshMs).unref();
  };
  return () => {
    if (asked === undefined) {
      asked = assertOwnStorage(database, storage);
      asked.then(forget, forget);
    }
    return Promise.race([asked, giveUp(storage)]);
  };
}

async function giveUp({ place }: SharedStorage): Promise<never> {
  await sleep(mostMs, undefined, { ref: false });
  throw new OpenbatchError("storage_away", `The storage at ${place} does not answer.`);
}
