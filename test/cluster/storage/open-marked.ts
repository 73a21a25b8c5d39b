import { openStorage } from "../../../src/cluster/storage/open-storage.js";
import type { SharedStorage } from "../../../src/cluster/storage/shared-storage.js";

/** Opens a storage as that of some database, whatever mark it has. */
export function openMarked(place: string): Promise<SharedStorage> {
  return openStorage(place, async (storage) => {
    if ((await storage.readMark()) === undefined) await storage.writeMark("mark");
  });
}
