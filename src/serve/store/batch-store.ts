import { join } from "node:path";
import { type BatchObject, isAtEnd, noUsage } from "../../api/index.js";
import type { BatchChange } from "./batch-change.js";
import { type BatchParameters, type BatchRecord, isBatchRecord } from "./batch-record.js";
import { type Clock, toSeconds } from "./clock.js";
import { createBatchId, createFileId } from "./object-id.js";
import { RecordFolder } from "./record-folder.js";

/** How long a batch may take, in seconds: its completion window. */
const windowSeconds = 86_400;

export interface BatchStoreOptions {
  readonly clock: Clock;
  /** Whether new batches are executed in rehearsal. */
  readonly isRehearsal: boolean;
}

/** Every batch of a server. A change is on the disk before anyone sees it. */
export class BatchStore {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #isRehearsal: boolean;
  readonly #records: RecordFolder<BatchRecord>;
  readonly #batches = new Map<string, BatchRecord>();
  readonly #changes = new Map<string, Promise<unknown>>();
  #lastSequence = 0;

  constructor(folder: string, { clock, isRehearsal }: BatchStoreOptions) {
    this.#folder = folder;
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

  get(id: string): BatchRecord | undefined {
    return this.#batches.get(id);
  }

  list(): BatchRecord[] {
    return Array.from(this.#batches.values());
  }

  listUnfinished(): BatchRecord[] {
    return Array.from(this.#batches.values()).filter(({ object }) => !isAtEnd(object));
  }

  /** @param prepare is called with the id before the batch can be seen. */
  async create(parameters: BatchParameters, prepare: (id: string) => Promise<void>): Promise<BatchRecord> {
    const id = createBatchId();
    await prepare(id);
    const record: BatchRecord = {
      id,
      sequence: this.#lastSequence + 1,
      object: toNewObject(id, parameters, toSeconds(this.#clock.now())),
      outputFileId: createFileId(),
      errorFileId: createFileId(),
      outputSeconds: parameters.outputSeconds,
      promptTokens: 0,
      isExpired: false,
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
    const { status } = fields.object;
    const time = status === undefined ? {} : { [`${status}_at`]: toSeconds(this.#clock.now()) };
    const changed = { ...record, ...fields, object: { ...record.object, ...fields.object, ...time } };
    await this.#records.write(changed);
    this.#batches.set(id, changed);
    return changed;
  }

  #keep(record: BatchRecord): void {
    this.#batches.set(record.id, record);
    this.#lastSequence = Math.max(this.#lastSequence, record.sequence);
  }
}

function toNewObject(id: string, parameters: BatchParameters, createdAt: number): BatchObject {
  return {
    id,
    object: "batch",
    endpoint: parameters.endpoint,
    model: null,
    errors: null,
    input_file_id: parameters.inputFileId,
    completion_window: "24h",
    status: "validating",
    output_file_id: null,
    error_file_id: null,
    created_at: createdAt,
    in_progress_at: null,
    expires_at: createdAt + windowSeconds,
    finalizing_at: null,
    completed_at: null,
    failed_at: null,
    expired_at: null,
    cancelling_at: null,
    cancelled_at: null,
    request_counts: { total: 0, completed: 0, failed: 0 },
    usage: noUsage,
    metadata: parameters.metadata,
  };
}
