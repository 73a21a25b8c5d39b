import { constants } from "node:fs";
import { copyFile, open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { OpenbatchError } from "../../errors/index.js";
import { isNotFound, makeFolder, sizeOf } from "../../files/index.js";
import { type ByteSpan, FolderStorage, type PutOptions } from "../../serve/index.js";
import {
  type CloseOptions,
  type GrowingFile,
  type LocalCopy,
  markName,
  type SharedStorage,
  type StoredObject,
} from "./shared-storage.js";
import { toFolderError, toUnmarkedError } from "./storage-away.js";

/** A folder that all machines see, as one of a file server. */
export class SharedFolder implements SharedStorage {
  readonly place: string;
  readonly #files: FolderStorage;

  private constructor(folder: string) {
    this.place = folder;
    this.#files = new FolderStorage(folder);
  }

  static open(folder: string): SharedFolder {
    makeFolder(folder, { mode: 0o700, hint: "Files and results are kept there: storage (--storage DIR)." });
    return new SharedFolder(folder);
  }

  async readMark(): Promise<string | undefined> {
    const path = this.#files.pathOf(markName);
    const mark = await this.#try("read", path, () => readIfThere(path));
    // Empty is one of before there were any to tell.
    return mark === "" ? undefined : mark;
  }

  async writeMark(mark: string): Promise<void> {
    const path = this.#files.pathOf(markName);
    await this.#try("write", path, () => writeFile(path, mark, { mode: 0o600, flush: true }));
  }

  async put(name: string, bytes: Readable, options?: PutOptions): Promise<number> {
    await this.#assertThere();
    const put = await this.#try("write", this.#files.pathOf(name), () =>
      this.#files.put(name, bytes, options),
    );
    // A share that went away meanwhile has not got it: it lies where the share is not mounted.
    await this.#assertThere();
    if ((await this.size(name)) === put) return put;
    throw new OpenbatchError("storage_away", `The storage at ${this.place} was away for a moment.`);
  }

  getRange(name: string, span?: ByteSpan): Readable {
    return Readable.from(this.#read(name, span), { objectMode: false, highWaterMark: 262_144 });
  }

  async size(name: string): Promise<number | undefined> {
    const path = this.#files.pathOf(name);
    const bytes = await this.#try("read", path, () => this.#files.size(name));
    if (bytes === undefined) await this.#assertThere();
    return bytes;
  }

  async *list(beginning: string): AsyncGenerator<StoredObject> {
    const folder = beginning.slice(0, beginning.lastIndexOf("/") + 1);
    for (const entry of await this.#readFolder(folder, beginning.slice(folder.length))) {
      const name = `${folder}${entry.name}`;
      if (entry.isDirectory()) yield* this.list(`${name}/`);
      else {
        const found = await this.#statIfThere(this.#files.pathOf(name));
        if (found !== undefined) yield { name, bytes: found.size, changedMs: found.mtimeMs };
      }
    }
  }

  remove(name: string): Promise<void> {
    return this.#try("remove", this.#files.pathOf(name), () => this.#files.remove(name));
  }

  async openCopy(name: string): Promise<LocalCopy> {
    await this.#assertThere();
    return { path: this.#files.pathOf(name), close: async () => undefined };
  }

  /** Whatever was begun lies under its name. */
  async forgetUnfinished(): Promise<void> {}

  grow(name: string): GrowingFile {
    const path = this.#files.pathOf(name);
    return {
      path,
      begin: (earlier) => this.#begin(path, earlier),
      finish: () => this.#finish(path),
      close: ({ isUseless }: CloseOptions) => (isUseless ? this.remove(name) : Promise.resolve()),
    };
  }

  async #begin(path: string, earlier: readonly StoredObject[]): Promise<void> {
    await this.#assertThere();
    await this.#try("write", path, async () => {
      makeFolder(dirname(path), { mode: 0o700, hint: "Results are kept there." });
      for (const { name } of earlier) await copyIfThere(this.#files.pathOf(name), path);
    });
  }

  /** What the database says is there is on the disk. */
  async #finish(path: string): Promise<number> {
    await this.#assertThere();
    return this.#try("write", path, async () => {
      const bytes = (await sizeOf(path)) ?? 0;
      if (bytes > 0) await syncFile(path);
      return bytes;
    });
  }

  async *#read(name: string, span: ByteSpan | undefined): AsyncGenerator<Buffer> {
    try {
      yield* this.#files.getRange(name, span);
    } catch (cause) {
      if (isNotFound(cause)) await this.#assertThere();
      throw toFolderError(cause, "read", this.#files.pathOf(name));
    }
  }

  async #readFolder(folder: string, beginning: string) {
    const path = this.#files.pathOf(folder);
    return this.#try("read", path, async () => {
      try {
        const entries = await readdir(path, { withFileTypes: true });
        const found = entries.filter(({ name }) => name.startsWith(beginning));
        return found.sort((one, other) => (one.name < other.name ? -1 : 1));
      } catch (cause) {
        if (!isNotFound(cause)) throw cause;
        await this.#assertThere();
        return [];
      }
    });
  }

  async #statIfThere(path: string) {
    return this.#try("read", path, async () => {
      try {
        return await stat(path);
      } catch (cause) {
        if (isNotFound(cause)) return undefined;
        throw cause;
      }
    });
  }

  /** Nothing is written where a share is not mounted: it would be in no other machine's storage. */
  async #assertThere(): Promise<void> {
    if ((await this.#statIfThere(join(this.place, markName))) !== undefined) return;
    throw toUnmarkedError(this.place);
  }

  async #try<Value>(action: string, path: string, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (cause) {
      throw toFolderError(cause, action, path);
    }
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (isNotFound(cause)) return undefined;
    throw cause;
  }
}

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
