import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { HeldFiles } from "../../serve/index.js";
import type { Database } from "../database/database.js";
import { findPlace } from "../database/files-table.js";
import { sumBytes } from "../database/segments-table.js";
import type { SharedStorage } from "../storage/shared-storage.js";
import { BatchCopy } from "./batch-copy.js";
import { CopyRoom } from "./copy-room.js";
import { findShown } from "./find-shown.js";
import type { OwnFolder } from "./own-folder.js";

export interface LocalCopiesOptions {
  readonly database: Database;
  readonly storage: SharedStorage;
  readonly folder: OwnFolder;
}

/** So much of the disk have copies of what is open, and so many requests what is known of them in memory. */
const mostBytes = 4 * 1024 ** 3;
const mostRequests = 1_000_000;

interface SharedCopy {
  readonly copy: BatchCopy;
  holders: number;
}

/** Copies of batches, each as long as somebody holds it. */
export class LocalCopies {
  readonly #options: LocalCopiesOptions;
  readonly #room = new CopyRoom(mostBytes);
  readonly #copies = new Map<string, SharedCopy>();

  constructor(options: LocalCopiesOptions) {
    this.#options = options;
  }

  /** Why a batch is not shown whose results are there. */
  async findHindrance(id: string): Promise<string | undefined> {
    if (((await this.#weigh(id)) ?? 0) <= 1) return undefined;
    return `Its results are not shown here: it has more than ${mostRequests.toLocaleString("en-US")} requests, or 4 GiB. Save its files, and look at them with openbatch view.`;
  }

  /** `undefined` where there is nothing to be shown of it, or too much. */
  async hold(id: string): Promise<HeldFiles | undefined> {
    const weight = await this.#weigh(id);
    if (weight === undefined || weight > 1) return undefined;
    const path = await this.#options.folder.path();
    const shared = this.#copies.get(id) ?? this.#begin(id, { path, weight });
    shared.holders += 1;
    const { copy } = shared;
    let isClosed = false;
    return {
      get weight() {
        return copy.weight;
      },
      read: () => copy.read(),
      readAll: () => copy.readAll(),
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        shared.holders -= 1;
        if (shared.holders > 0) return;
        this.#copies.delete(id);
        await copy.close();
      },
    };
  }

  #begin(id: string, { path, weight }: { readonly path: string; readonly weight: number }): SharedCopy {
    const { database, storage } = this.#options;
    const folder = join(path, `${id}-${randomBytes(4).toString("hex")}`);
    const room = this.#room;
    const shared = { copy: new BatchCopy(id, { database, storage, room, folder, weight }), holders: 0 };
    this.#copies.set(id, shared);
    return shared;
  }

  /** Which part of what may be open a batch takes; more than 1 where it cannot be. */
  async #weigh(id: string): Promise<number | undefined> {
    const { database } = this.#options;
    const found = await findShown(database, id);
    if (found === undefined) return undefined;
    const { output, errors } = await sumBytes(database, id);
    const { bytes = 0 } = found.input === undefined ? {} : ((await findPlace(database, found.input)) ?? {});
    return Math.max((output + errors + bytes) / mostBytes, found.total / mostRequests);
  }
}
