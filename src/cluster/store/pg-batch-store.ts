import { Readable } from "node:stream";
import type { BatchObject } from "../../api/index.js";
import {
  type BatchDriver,
  type BatchParameters,
  type BatchRecord,
  type BatchSlice,
  type BatchStore,
  type Caller,
  createBatchId,
  createFileId,
  type NewFile,
  type ServerEvent,
  type Storage,
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
import { type Database, type Session, tell } from "../database/database.js";
import { insertFile, removeFileOf } from "../database/files-table.js";
import type { TaskQueue } from "../database/task-queue.js";
import { toUploadName } from "./object-names.js";

export interface BatchStoreParts {
  readonly database: Database;
  readonly queue: TaskQueue;
  readonly storage: Storage;
  readonly onEvent: (event: ServerEvent) => void;
}

/** Batches in PostgreSQL, for any number of servers. They are taken on by whatever worker comes first. */
export class PgBatchStore implements BatchStore, BatchDriver {
  readonly #database: Database;
  readonly #queue: TaskQueue;
  readonly #storage: Storage;
  readonly #onEvent: (event: ServerEvent) => void;

  constructor({ database, queue, storage, onEvent }: BatchStoreParts) {
    this.#database = database;
    this.#queue = queue;
    this.#storage = storage;
    this.#onEvent = onEvent;
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

  async create(parameters: BatchParameters, { name: owner, priority }: Caller): Promise<BatchRecord> {
    const sent = parameters.input === undefined ? undefined : await this.#putInput(parameters.input);
    return this.#database.transaction(async (session) => {
      const batch = toNewBatch(createBatchId(), parameters, await readNow(session));
      // Whether its answers are made up is for the worker to say that takes it on.
      const record = { ...batch, isRehearsal: false };
      if (sent !== undefined) await keepUnseen(session, sent, owner);
      const created = await insertBatch(session, { record, owner, priority, input: sent?.id });
      await this.#queue.send("batches", { batch: record.id }, { session, priority });
      await tell(session, "work");
      return created;
    });
  }

  async show({ object }: BatchRecord): Promise<BatchObject> {
    return object;
  }

  async cancel(id: string, owner: string): Promise<BatchRecord> {
    const isChanged = await this.#database.transaction(async (session) => {
      const batch = await loadBatch(session, id, { isLocked: true });
      const change = batch && toCancelling(batch.record);
      if (batch === undefined || change === undefined) return false;
      await changeBatch(session, batch, change);
      // One whose ranges are all done, or that has none yet, is nobody's task.
      await this.#queue.send("batches", { batch: id }, { session, priority: batch.priority });
      await tell(session, id);
      await tell(session, "work");
      return true;
    });
    if (isChanged) this.#onEvent({ kind: "batch", id, status: "cancelling" });
    const record = await findBatch(this.#database, id, owner);
    if (record === undefined) throw new TypeError(`There is no batch ${id}.`);
    return record;
  }

  /** An input that was sent with the batch lies where uploads do, so that any worker can read it. */
  async #putInput(input: string): Promise<NewFile> {
    const id = createFileId();
    const bytes = await this.#storage.put(toUploadName(id), Readable.from([Buffer.from(input)]));
    return { id, purpose: "batch", filename: `${id}.jsonl`, bytes, seconds: undefined };
  }
}

/** Nobody uploaded it, so nobody sees it; and like any file that was removed it goes when its batch is at its end. */
async function keepUnseen(session: Session, file: NewFile, owner: string): Promise<void> {
  await insertFile(session, file, owner);
  await removeFileOf(session, file.id, owner);
}
