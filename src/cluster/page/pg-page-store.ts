import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type FileObject, isAtEnd } from "../../api/index.js";
import {
  type HeldFiles,
  type KeptBatch,
  type KeptFile,
  type LocalFile,
  type Newest,
  type PageStore,
  retryMark,
  type UpstreamStanding,
} from "../../serve/index.js";
import {
  countBatches,
  findBatchOfAll,
  findLaterBatch,
  listNewestBatches,
  type OwnedBatch,
  stampAll,
} from "../database/all-batches.js";
import { findFilesOfAll, listNewestFiles } from "../database/all-files.js";
import type { Database } from "../database/database.js";
import { countFiles } from "../database/files-table.js";
import type { SharedStorage } from "../storage/shared-storage.js";
import { toUploadName } from "../store/object-names.js";
import type { PgBatchStore } from "../store/pg-batch-store.js";
import type { PgFileStore } from "../store/pg-file-store.js";
import { CostlyCount } from "./costly-count.js";
import { Fleet } from "./fleet.js";
import { LocalCopies } from "./local-copies.js";
import { OwnFolder } from "./own-folder.js";

export interface PgPageStoreOptions {
  readonly database: Database;
  readonly storage: SharedStorage;
  readonly files: PgFileStore;
  readonly batches: PgBatchStore;
}

/** What a server on a database has, the same as all others on it. Files are copied to this machine while somebody looks at them. */
export class PgPageStore implements PageStore {
  readonly files: PgFileStore;
  readonly driver: PgBatchStore;
  readonly machines: Fleet;
  readonly #database: Database;
  readonly #storage: SharedStorage;
  readonly #folder = new OwnFolder();
  readonly #copies: LocalCopies;
  readonly #batchCount: CostlyCount;
  readonly #fileCount: CostlyCount;

  constructor({ database, storage, files, batches }: PgPageStoreOptions) {
    this.files = files;
    this.driver = batches;
    this.machines = new Fleet(database);
    this.#database = database;
    this.#storage = storage;
    this.#copies = new LocalCopies({ database, storage, folder: this.#folder });
    this.#batchCount = new CostlyCount(() => countBatches(database));
    this.#fileCount = new CostlyCount(() => countFiles(database));
  }

  isRehearsal(): Promise<boolean> {
    return this.machines.isRehearsal();
  }

  async listBatches(most: number): Promise<Newest<KeptBatch>> {
    const [found, count, wait] = await Promise.all([
      listNewestBatches(this.#database, most),
      this.#batchCount.read(),
      this.#findWait(),
    ]);
    return { items: found.map((batch) => toKept(batch, wait, undefined)), count };
  }

  async listFiles(most: number): Promise<Newest<KeptFile>> {
    const [items, count] = await Promise.all([listNewestFiles(this.#database, most), this.#fileCount.read()]);
    return { items, count };
  }

  async findBatch(id: string): Promise<KeptBatch | undefined> {
    const found = await findBatchOfAll(this.#database, id);
    if (found === undefined) return undefined;
    return toKept(found, await this.#findWait(), await this.#copies.findHindrance(id));
  }

  findRetry({ record, owner: { name: owner } }: KeptBatch): Promise<string | undefined> {
    return findLaterBatch(this.#database, { record, owner }, [retryMark, record.id]);
  }

  findFiles(ids: readonly string[]): Promise<ReadonlyMap<string, FileObject>> {
    return findFilesOfAll(this.#database, ids);
  }

  stamp(): Promise<string> {
    return stampAll(this.#database);
  }

  hold(id: string): Promise<HeldFiles | undefined> {
    return this.#copies.hold(id);
  }

  async openUpload(id: string): Promise<LocalFile> {
    const { path: folder, close } = await this.openPlace();
    try {
      const { path } = await this.#storage.openCopy(toUploadName(id), folder);
      return { path, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async openPlace(): Promise<LocalFile> {
    const path = join(await this.#folder.path(), randomBytes(8).toString("hex"));
    return { path, close: () => rm(path, { recursive: true, force: true }) };
  }

  standing(): Promise<UpstreamStanding> {
    return this.machines.standing();
  }

  close(): Promise<void> {
    return this.#folder.close();
  }

  /** What keeps all batches from going on. */
  async #findWait(): Promise<KeptBatch["wait"]> {
    if ((await this.machines.count()) === 0)
      return { message: "no worker is there that could take it", until: undefined };
    const { pause } = await this.machines.standing();
    if (pause === undefined) return undefined;
    return { message: pause.reason, until: new Date(Date.now() + pause.ms).toISOString() };
  }
}

function toKept(
  { record, owner, priority }: OwnedBatch,
  wait: KeptBatch["wait"],
  hidden: string | undefined,
): KeptBatch {
  return {
    ...{ record, hidden, owner: { name: owner, priority } },
    wait: isAtEnd(record.object) ? undefined : wait,
  };
}
