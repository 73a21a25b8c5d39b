import { type FileObject, isAtEnd } from "../../api/index.js";
import type { LiveFile, LiveFiles } from "../../view/index.js";
import type { BatchRunner } from "../life/batch-runner.js";
import type { Answering, UpstreamStanding } from "../protocol/answering.js";
import { soleCaller } from "../protocol/callers.js";
import type { BatchRecord } from "../store/batch-record.js";
import type { DiskBatchStore } from "../store/disk-batch-store.js";
import type { DiskFileStore } from "../store/disk-file-store.js";
import { createFileId } from "../store/object-id.js";
import type { StoredRecord } from "../store/record-folder.js";
import { toSlice } from "../store/slice.js";
import type { BatchWaits } from "./batch-waits.js";
import { hasRows } from "./has-rows.js";
import type { HeldFiles, KeptBatch, KeptFile, LocalFile, Newest, PageStore } from "./page-store.js";
import { retryMark } from "./retry-mark.js";

export interface DiskPageStoreOptions {
  readonly batches: DiskBatchStore;
  readonly files: DiskFileStore;
  readonly runner: BatchRunner;
  readonly isRehearsal: boolean;
  readonly waits: BatchWaits;
  readonly standing: Answering["standing"];
}

/** What the server of one machine has: its files are on the disk already. */
export class DiskPageStore implements PageStore {
  readonly files: DiskFileStore;
  readonly driver: BatchRunner;
  readonly machines = undefined;
  readonly #options: DiskPageStoreOptions;

  constructor(options: DiskPageStoreOptions) {
    this.#options = options;
    this.files = options.files;
    this.driver = options.runner;
  }

  async isRehearsal(): Promise<boolean> {
    return this.#options.isRehearsal;
  }

  async listBatches(most: number): Promise<Newest<KeptBatch>> {
    const all = this.#options.batches.listAll();
    return { items: newest(all, most).map((record) => this.#toKept(record)), count: all.length };
  }

  async listFiles(most: number): Promise<Newest<KeptFile>> {
    const all = this.files.listAll();
    const items = newest(all, most).map((record) => ({ record, owner: soleCaller.name }));
    return { items, count: all.length };
  }

  async findBatch(id: string): Promise<KeptBatch | undefined> {
    const record = this.#options.batches.find(id);
    return record && this.#toKept(record);
  }

  async findRetry({ record: { id } }: KeptBatch): Promise<string | undefined> {
    return this.#options.batches.listAll().find(({ object }) => object.metadata?.[retryMark] === id)?.id;
  }

  async findFiles(ids: readonly string[]): Promise<ReadonlyMap<string, FileObject>> {
    const found = await Promise.all(ids.map((id) => this.files.get(id)));
    return new Map(found.flatMap((file) => (file === undefined ? [] : [[file.id, file]])));
  }

  async stamp(): Promise<string> {
    const { batches, waits } = this.#options;
    const newestFile = newest(this.files.listAll(), 1)[0];
    const underWay = batches.listUnfinished().map((record) => {
      const { id, status, request_counts } = this.driver.showNow(record);
      return [id, status, request_counts.completed, request_counts.failed, waits.of(id)?.until];
    });
    return JSON.stringify([newestFile?.id, await this.files.count(), batches.listAll().length, underWay]);
  }

  async hold(id: string): Promise<HeldFiles | undefined> {
    if ((await this.#find(id)) === undefined) return undefined;
    const read = async (): Promise<LiveFiles> => {
      const found = await this.#find(id);
      if (found === undefined) throw new TypeError(`There is nothing of ${id} any more.`);
      return found;
    };
    return { weight: 0, read, readAll: read, close: async () => undefined };
  }

  async openUpload(id: string): Promise<LocalFile> {
    return { path: this.files.pathOf(id), close: async () => undefined };
  }

  /** Beside the files of the server, as something that nobody is shown. */
  async openPlace(): Promise<LocalFile> {
    const id = createFileId();
    return { path: this.files.pathOf(id), close: () => this.files.discard(id) };
  }

  async standing(): Promise<UpstreamStanding> {
    return this.#options.standing();
  }

  async close(): Promise<void> {}

  #toKept(record: BatchRecord): KeptBatch {
    const object = this.driver.showNow(record);
    const wait = this.#options.waits.of(record.id);
    return { record: { ...record, object }, owner: soleCaller, wait, hidden: undefined };
  }

  async #find(id: string): Promise<LiveFiles | undefined> {
    const { batches } = this.#options;
    const record = batches.find(id);
    if (record === undefined || !hasRows(record.object)) return undefined;
    const { object, outputFileId, errorFileId, isRehearsal } = record;
    const isEnded = isAtEnd(object);
    const input = await this.files.get(object.input_file_id);
    const name = input?.filename ?? id;
    const requests = isEnded ? input && this.files.pathOf(input.id) : batches.inputPathOf(id);
    const results: LiveFile[] = [];
    for (const [fileId, kind] of [[outputFileId, "output"] as const, [errorFileId, "errors"] as const])
      if (!isEnded || (await this.files.get(fileId)) !== undefined)
        results.push({ path: this.files.pathOf(fileId), name: kind });
    if (requests === undefined && results.length === 0) return undefined;
    return {
      ...{ name, isRehearsal, results, mayStillCome: !isEnded },
      requests: requests === undefined ? undefined : { path: requests, name },
    };
  }
}

function newest<Kept extends StoredRecord>(records: readonly Kept[], most: number): readonly Kept[] {
  return toSlice(records, { order: "desc", after: undefined, limit: most });
}
