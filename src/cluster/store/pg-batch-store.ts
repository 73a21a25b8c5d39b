import type { BatchObject } from "../../api/index.js";
import {
  type BatchDriver,
  type BatchParameters,
  type BatchRecord,
  type BatchSlice,
  type BatchStore,
  type Caller,
  createBatchId,
  toCancelling,
  toNewBatch,
} from "../../serve/index.js";
import {
  changeBatch,
  countUnfinished,
  findBatch,
  insertBatch,
  listBatches,
  loadBatch,
  readNow,
  sequenceOfBatch,
} from "../database/batches-table.js";
import { type Database, tell } from "../database/database.js";
import type { TaskQueue } from "../database/task-queue.js";

/** Batches in PostgreSQL, for any number of servers. They are taken on by whatever worker comes first. */
export class PgBatchStore implements BatchStore, BatchDriver {
  readonly #database: Database;
  readonly #queue: TaskQueue;

  constructor(database: Database, queue: TaskQueue) {
    this.#database = database;
    this.#queue = queue;
  }

  get(id: string, owner: string): Promise<BatchRecord | undefined> {
    return findBatch(this.#database, id, owner);
  }

  list(slice: BatchSlice, owner: string): Promise<readonly BatchRecord[]> {
    return listBatches(this.#database, slice, owner);
  }

  sequenceOf(id: string, owner: string): Promise<number | undefined> {
    return sequenceOfBatch(this.#database, id, owner);
  }

  countUnfinished(owner: string): Promise<number> {
    return countUnfinished(this.#database, owner);
  }

  create(parameters: BatchParameters, { name: owner, priority }: Caller): Promise<BatchRecord> {
    return this.#database.transaction(async (session) => {
      const batch = toNewBatch(createBatchId(), parameters, await readNow(session));
      // Whether its answers are made up is for the worker to say that takes it on.
      const record = { ...batch, isRehearsal: false };
      const created = await insertBatch(session, { record, owner, priority });
      await this.#queue.send("batches", { batch: record.id }, { session, priority });
      await tell(session, "work");
      return created;
    });
  }

  async show({ object }: BatchRecord): Promise<BatchObject> {
    return object;
  }

  async cancel(id: string, owner: string): Promise<BatchRecord> {
    await this.#database.transaction(async (session) => {
      const batch = await loadBatch(session, id, { isLocked: true });
      const change = batch && toCancelling(batch.record);
      if (batch === undefined || change === undefined) return;
      await changeBatch(session, batch, change);
      // One whose ranges are all done, or that has none yet, is nobody's task.
      await this.#queue.send("batches", { batch: id }, { session, priority: batch.priority });
      await tell(session, id);
      await tell(session, "work");
    });
    const record = await findBatch(this.#database, id, owner);
    if (record === undefined) throw new TypeError(`There is no batch ${id}.`);
    return record;
  }
}
