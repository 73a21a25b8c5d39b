import { constants, copyFile, link, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAtEnd } from "../../api/index.js";
import { toFileError } from "../../errors/index.js";
import { isNotFound } from "../../files/index.js";
import { type BatchChange, withChange } from "./batch-change.js";
import { type BatchParameters, type BatchRecord, isBatchRecord, isMessageBatch } from "./batch-record.js";
import type { BatchSlice, BatchStore } from "./batch-store.js";
import { type Clock, toSeconds } from "./clock.js";
import type { DiskFileStore } from "./disk-file-store.js";
import { toNewBatch } from "./new-batch.js";
import { createBatchId } from "./object-id.js";
import { RecordFolder } from "./record-folder.js";
import { toSlice } from "./slice.js";

export interface DiskBatchStoreOptions {
  /** Where inputs are uploaded to. */
  readonly files: DiskFileStore;
  readonly clock: Clock;
  /** Whether new batches are executed in rehearsal. */
  readonly isRehearsal: boolean;
}

/** Every batch of a server, in a folder of its own. A change is on the disk before anyone sees it. All are of one owner. */
export class DiskBatchStore implements BatchStore {
  readonly #folder: string;
  readonly #files: DiskFileStore;
  readonly #clock: Clock;
  readonly #isRehearsal: boolean;
  readonly #records: RecordFolder<BatchRecord>;
  readonly #batches = new Map<string, BatchRecord>();
  readonly #changes = new Map<string, Promise<unknown>>();
  #lastSequence = 0;

  constructor(folder: string, { files, clock, isRehearsal }: DiskBatchStoreOptions) {
    this.#folder = folder;
    this.#files = files;
    this.#clock = clock;
    this.#isRehearsal = isRehearsal;
    this.#records = new RecordFolder(folder, isBatchRecord);
  }

  /** Finds what an earlier server left. Gives the paths of records that it cannot read. */
  async load(): Promise<readonly string[]> {
    const { records, unreadable } = await this.#records.readAll();
    for (const record of records) this.#keep(record);
    return unreadable;
  }

  /** Where the input of a batch is kept until its end, whatever becomes of the file that was uploaded. */
  inputPathOf(id: string): string {
    return join(this.#folder, `${id}.input`);
  }

  async get(id: string): Promise<BatchRecord | undefined> {
    return this.find(id);
  }

  /** The same, for who drives it. */
  find(id: string): BatchRecord | undefined {
    return this.#batches.get(id);
  }

  async list({ isOfMessages, ...slice }: BatchSlice): Promise<readonly BatchRecord[]> {
    const found = Array.from(this.#batches.values()).filter(
      (record) => isMessageBatch(record) === isOfMessages,
    );
    return toSlice(found, slice);
  }

  async sequenceOf(id: string): Promise<number | undefined> {
    return this.#batches.get(id)?.sequence;
  }

  listAll(): BatchRecord[] {
    return Array.from(this.#batches.values());
  }

  listUnfinished(): BatchRecord[] {
    return this.listAll().filter(({ object }) => !isAtEnd(object));
  }

  async create(parameters: BatchParameters): Promise<BatchRecord> {
    const id = createBatchId();
    await this.#keepInput(id, parameters);
    const record: BatchRecord = {
      ...toNewBatch(id, parameters, toSeconds(this.#clock.now())),
      sequence: this.#lastSequence + 1,
      isRehearsal: this.#isRehearsal,
    };
    this.#lastSequence = record.sequence;
    await this.#records.write(record);
    this.#keep(record);
    return record;
  }

  /**
   * Changes a batch, after the changes that were asked for before. One that comes into a state is given the time of it.
   * @param change gives nothing where the batch is to stay as it is.
   */
  async update(id: string, change: (record: BatchRecord) => BatchChange | undefined): Promise<BatchRecord> {
    const before = this.#changes.get(id) ?? Promise.resolve();
    const changed = before.catch(() => undefined).then(() => this.#change(id, change));
    this.#changes.set(id, changed);
    try {
      return await changed;
    } finally {
      if (this.#changes.get(id) === changed) this.#changes.delete(id);
    }
  }

  async #change(id: string, change: (record: BatchRecord) => BatchChange | undefined): Promise<BatchRecord> {
    const record = this.#batches.get(id);
    if (record === undefined) throw new TypeError(`There is no batch ${id}.`);
    const fields = change(record);
    if (fields === undefined) return record;
    const changed = withChange(record, fields, toSeconds(this.#clock.now()));
    await this.#records.write(changed);
    this.#batches.set(id, changed);
    return changed;
  }

  async #keepInput(id: string, { input, inputFileId }: BatchParameters): Promise<void> {
    const kept = this.inputPathOf(id);
    if (input !== undefined) return writeFile(kept, input);
    const file = await this.#files.get(inputFileId);
    if (file !== undefined) await keepFile(this.#files.pathOf(file.id), kept);
  }

  #keep(record: BatchRecord): void {
    this.#batches.set(record.id, record);
    this.#lastSequence = Math.max(this.#lastSequence, record.sequence);
  }
}

/** Under a second name a file stays there when its first one is deleted. Where a disk gives none, there is a copy. */
async function keepFile(path: string, kept: string): Promise<void> {
  try {
    await link(path, kept).catch((cause: unknown) => {
      if (isNotFound(cause)) throw cause;
      return copyFile(path, kept, constants.COPYFILE_FICLONE);
    });
  } catch (cause) {
    // Deleted in this moment: the batch will say so.
    if (isNotFound(cause)) return;
    throw toFileError(cause, "read", path);
  }
}
