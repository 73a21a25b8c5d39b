import { describeName } from "../api/index.js";
import { type BatchChange, type BatchRecord, type ServerEvent, toBatchEvent } from "../serve/index.js";
import { changeBatch, lockExpired, lockUnbegun } from "./database/batches-table.js";
import { type Database, isAway, tell } from "./database/database.js";
import { forgetContent, listUnused, removeExpiredFiles, type UnusedFile } from "./database/files-table.js";
import { listPieces } from "./database/segments-table.js";
import type { TaskQueue } from "./database/task-queue.js";
import { listUnservedModels } from "./database/upstreams-table.js";
import { countWorkers } from "./database/workers-table.js";
import type { SharedStorage } from "./storage/shared-storage.js";
import { isStorageAway } from "./storage/storage-away.js";
import { toResultsName, toUploadName } from "./store/object-names.js";
import { sweepStorage } from "./sweep-storage.js";
import { publish } from "./work/publish.js";

export interface HousekeepingParts {
  readonly database: Database;
  readonly queue: TaskQueue;
  readonly storage: SharedStorage;
  readonly onEvent: (event: ServerEvent) => void;
}

const everyMs = 1_000;

/** And models that no worker has are looked for less often. */
const modelsEvery = 5;

/** Files are removed less often than batches are expired. */
const filesEvery = 30;

/** And whether the storage is to be swept is looked for still less often. */
const sweepEvery = 3_600;

const outOfTime: BatchChange = { isExpired: true, object: { status: "finalizing" } };

/** What any process does for all: batches that are out of time, files that are, and content that nobody needs any more. */
export class Housekeeping {
  readonly #parts: HousekeepingParts;
  readonly #timer: NodeJS.Timeout;
  readonly #end = new AbortController();
  #round = 0;
  #unserved: ReadonlySet<string> = new Set();
  #working: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#begin(), everyMs).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#end.abort();
    await this.#working;
    await this.#sweeping;
  }

  /** One that takes long is not begun again beside itself. */
  #begin(): void {
    this.#working ??= this.#work()
      .catch((error: unknown) => this.#report(error))
      .finally(() => {
        this.#working = undefined;
      });
  }

  async #work(): Promise<void> {
    await this.#expireBatches();
    await this.#endUnbegun();
    this.#round += 1;
    if (this.#round % sweepEvery === 1) this.#sweep();
    if (this.#round % modelsEvery === 0) await this.#tellUnserved();
    if (this.#round % filesEvery === 1) await this.#removeFiles();
  }

  /** Once for each model, until there is a worker that has it. */
  async #tellUnserved(): Promise<void> {
    const unserved = await listUnservedModels(this.#parts.database);
    for (const { model, batches } of unserved) {
      if (this.#unserved.has(model)) continue;
      const wait = batches === 1 ? "batch waits" : "batches wait";
      const message = `${batches} ${wait} for the model ${describeName(model)}, which no worker has.`;
      this.#parts.onEvent({ kind: "trouble", message });
    }
    this.#unserved = new Set(unserved.map(({ model }) => model));
  }

  /** It may take hours, so nothing waits for it. */
  #sweep(): void {
    const { database, storage } = this.#parts;
    this.#sweeping ??= sweepStorage(database, storage, this.#end.signal)
      .catch((error: unknown) => this.#report(error))
      .finally(() => {
        this.#sweeping = undefined;
      });
  }

  /** What is under way of them is drained by their workers; what was not executed gets its line like any other. */
  async #expireBatches(): Promise<void> {
    const { database, queue, onEvent } = this.#parts;
    const expired = await database.transaction(async (session) => {
      const batches = await lockExpired(session);
      for (const batch of batches) {
        const { id } = batch.record;
        await changeBatch(session, batch, outOfTime);
        await queue.send("batches", { batch: id }, { session, priority: batch.priority });
        await tell(session, id);
      }
      return batches;
    });
    for (const { record } of expired) onEvent({ kind: "batch", id: record.id, status: "finalizing" });
  }

  /** Those that no worker has begun need none to end. */
  async #endUnbegun(): Promise<void> {
    const { database, onEvent } = this.#parts;
    const ended = await database.transaction(async (session) => {
      const records: BatchRecord[] = [];
      for (const batch of await lockUnbegun(session, await countWorkers(session))) {
        const isExpired = batch.record.object.status === "validating";
        const record = isExpired ? await changeBatch(session, batch, outOfTime) : batch.record;
        records.push(await publish({ ...batch, record }, session));
      }
      return records;
    });
    for (const { object } of ended) onEvent(toBatchEvent(object));
  }

  async #removeFiles(): Promise<void> {
    const { database } = this.#parts;
    await removeExpiredFiles(database);
    for (const file of await listUnused(database)) {
      await this.#removeContent(file);
      await forgetContent(database, file.id);
    }
  }

  async #removeContent({ id, batch, part }: UnusedFile): Promise<void> {
    const { database, storage } = this.#parts;
    if (batch === null || part === null) return storage.remove(toUploadName(id));
    for (const piece of await listPieces(database, batch, part)) {
      await storage.remove(toResultsName(batch, piece, part));
    }
  }

  /** That the database or the storage is away is told by those who need them. */
  #report(error: unknown): void {
    if (isAway(error) || isStorageAway(error) || this.#end.signal.aborted) return;
    const message = `Housekeeping failed: ${error instanceof Error ? error.name : typeof error}.`;
    this.#parts.onEvent({ kind: "trouble", message });
  }
}
