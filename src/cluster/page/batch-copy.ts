import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HeldFiles } from "../../serve/index.js";
import type { LiveFiles } from "../../view/index.js";
import type { Database } from "../database/database.js";
import { findPlace } from "../database/files-table.js";
import { listOtherSegments } from "../database/segments-table.js";
import type { SharedStorage } from "../storage/shared-storage.js";
import { toUploadName } from "../store/object-names.js";
import { CopiedResults } from "./copied-results.js";
import type { CopyRoom } from "./copy-room.js";
import { type FoundBatch, findShown } from "./find-shown.js";

export interface BatchCopyOptions {
  readonly database: Database;
  readonly storage: SharedStorage;
  readonly room: CopyRoom;
  /** A folder of this copy alone. */
  readonly folder: string;
  /** Which part of what may be open it has at the least. */
  readonly weight: number;
}

/** What is long in coming is shown as far as it is here, after so many milliseconds. */
const patienceMs = 500;

/** The files of a batch on this machine: its requests, where the storage is or copied from there, and what is committed of its results. */
export class BatchCopy implements HeldFiles {
  readonly #id: string;
  readonly #options: BatchCopyOptions;
  readonly #stop = new AbortController();
  readonly #inputs = new Map<string, Promise<string>>();
  #results: CopiedResults;
  #renewals = 0;
  #copying: Promise<void> | undefined;

  constructor(id: string, options: BatchCopyOptions) {
    this.#id = id;
    this.#options = options;
    this.#results = this.#begin();
  }

  /** It may grow while it is held. */
  get weight(): number {
    return Math.max(this.#options.weight, this.#options.room.shareOf(this));
  }

  async read(): Promise<LiveFiles> {
    const found = await this.#find();
    const requests = await this.#openInput(found);
    await Promise.race([this.#copy(found), sleep(patienceMs, undefined, { ref: false })]);
    return this.#toFiles(found, requests);
  }

  async readAll(): Promise<LiveFiles> {
    // What is being copied may be less than what there is now.
    await this.#copying?.catch(() => undefined);
    const found = await this.#find();
    const requests = await this.#openInput(found);
    await this.#copy(found);
    return this.#toFiles(found, requests);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([this.#copying, ...this.#inputs.values()]);
    await rm(this.#options.folder, { recursive: true, force: true });
    this.#options.room.leave(this);
  }

  async #find(): Promise<FoundBatch> {
    const found = await findShown(this.#options.database, this.#id);
    // What was closed meanwhile is to leave nothing behind.
    this.#stop.signal.throwIfAborted();
    if (found === undefined) throw new TypeError(`There is nothing of ${this.#id} any more.`);
    return found;
  }

  /** Where its requests are. */
  #openInput({ input }: FoundBatch): Promise<string | undefined> {
    if (input === undefined) return Promise.resolve(undefined);
    const known = this.#inputs.get(input);
    if (known !== undefined) return known;
    const opening = this.#copyInput(input);
    this.#inputs.set(input, opening);
    opening.catch(() => this.#inputs.delete(input));
    return opening;
  }

  async #copyInput(input: string): Promise<string> {
    const { database, storage, room, folder } = this.#options;
    const { bytes = 0 } = (await findPlace(database, input)) ?? {};
    room.take(this, bytes);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { path } = await storage.openCopy(toUploadName(input), folder);
      // A folder that all machines share is read where it is.
      if (!path.startsWith(folder)) room.take(this, -bytes);
      return path;
    } catch (error) {
      room.take(this, -bytes);
      throw error;
    }
  }

  /** Brings here what has been committed since. */
  #copy(found: FoundBatch): Promise<void> {
    this.#copying ??= this.#copyNow(found).finally(() => {
      this.#copying = undefined;
    });
    // Whoever has not waited for it asks again.
    this.#copying.catch(() => undefined);
    return this.#copying;
  }

  async #copyNow({ parts, isEnded }: FoundBatch): Promise<void> {
    this.#stop.signal.throwIfAborted();
    if (this.#results.holdsOther(parts)) {
      await this.#results.remove();
      this.#results = this.#begin();
    }
    const results = this.#results;
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    for (const segment of await listOtherSegments(this.#options.database, this.#id, results.numbers))
      await results.add(segment, parts, this.#stop.signal);
    results.isWhole = isEnded;
  }

  /** What was deleted of it is not in a file of another name. */
  #begin(): CopiedResults {
    const { storage, folder, room } = this.#options;
    this.#renewals += 1;
    const path = join(folder, `results-${this.#renewals}.jsonl`);
    return new CopiedResults(path, { storage, take: (bytes) => room.take(this, bytes) });
  }

  #toFiles({ name, isRehearsal, isEnded }: FoundBatch, requests: string | undefined): LiveFiles {
    const { path, name: kind, isWhole } = this.#results;
    return {
      ...{ name, isRehearsal, mayStillCome: !(isEnded && isWhole) },
      requests: requests === undefined ? undefined : { path: requests, name },
      results: [{ path, name: kind }],
    };
  }
}
