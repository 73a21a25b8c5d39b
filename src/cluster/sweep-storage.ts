import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { Database } from "./database/database.js";
import { listUnknownFiles } from "./database/files-table.js";
import { type AttemptName, listUselessAttempts } from "./database/segments-table.js";
import type { SharedStorage, StoredObject } from "./storage/shared-storage.js";
import { toAttemptName } from "./store/object-names.js";

/** What is so old and belongs to nothing will never belong to anything, in milliseconds; and so often is looked for it. */
const dayMs = 86_400_000;

/** So many are asked about at once. */
const pageSize = 500;

/**
 * Removes what was left for good: uploads that were never shown, attempts at ranges that others have committed, what was never
 * completed. One process does so for all, once a day; all times are those of the storage.
 */
export async function sweepStorage(
  database: Database,
  storage: SharedStorage,
  signal: AbortSignal,
): Promise<void> {
  const now = await beginSweep(storage);
  if (now === undefined) return;
  const before = now - dayMs;
  const listOld = (beginning: string) => listBefore(storage.list(beginning), before, signal);
  const removeAll = async (objects: readonly StoredObject[]): Promise<void> => {
    for (const { name } of objects) {
      signal.throwIfAborted();
      await storage.remove(name);
    }
  };
  for await (const old of listOld("files/")) {
    const unknown = new Set(await listUnknownFiles(database, old.map(toId)));
    await removeAll(old.filter((object) => unknown.has(toId(object))));
  }
  for await (const old of listOld("batches/")) {
    const named = old.flatMap((object) => toNamed(object) ?? []);
    const useless = new Set(await listUselessAttempts(database, named));
    await removeAll(named.filter((_, index) => useless.has(index)));
  }
  for await (const old of listOld("tries/")) await removeAll(old);
  await storage.forgetUnfinished(before);
}

/** Gives what time it is in the storage; nothing where others have swept it in the last day. */
async function beginSweep(storage: SharedStorage): Promise<number | undefined> {
  const own = `sweeps/${randomBytes(8).toString("hex")}`;
  await storage.put(own, Readable.from([]));
  const marks: StoredObject[] = [];
  for await (const mark of storage.list("sweeps/")) marks.push(mark);
  const now = marks.find(({ name }) => name === own)?.changedMs ?? 0;
  const others = marks.filter(({ name }) => name !== own);
  const isDue = others.every(({ changedMs }) => changedMs < now - dayMs);
  for (const { name } of isDue ? others : [{ name: own }]) await storage.remove(name);
  return isDue ? now : undefined;
}

/** What was changed before a time, page by page. */
async function* listBefore(
  objects: AsyncIterable<StoredObject>,
  before: number,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredObject[]> {
  let page: StoredObject[] = [];
  for await (const object of objects) {
    signal.throwIfAborted();
    if (object.changedMs >= before) continue;
    page.push(object);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function toId({ name }: StoredObject): string {
  return name.slice(name.indexOf("/") + 1);
}

function toNamed(object: StoredObject): (StoredObject & AttemptName) | undefined {
  const named = toAttemptName(object.name);
  return named && { ...object, ...named };
}
