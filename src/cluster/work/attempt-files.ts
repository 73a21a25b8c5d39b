import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { constants, copyFile, mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { isNotFound, makeFolder, sizeOf } from "../../files/index.js";
import type { FolderStorage } from "../../serve/index.js";
import { toResultsName, toUploadName } from "../store/object-names.js";

/** A range of the input of a batch. */
export interface RangePlace {
  readonly batch: string;
  readonly n: number;
}

export interface AttemptFilesOptions {
  readonly storage: FolderStorage;
  /** A folder of this worker alone. */
  readonly folder: string;
}

/**
 * The files of one worker's attempt at a range: its requests, in a folder of the worker, and its results, in the storage, where
 * the next attempt finds them if this one comes to no end.
 */
export class AttemptFiles {
  readonly token = randomBytes(8).toString("hex");
  readonly requests: string;
  readonly output: string;
  readonly errors: string;
  readonly #place: RangePlace;
  readonly #storage: FolderStorage;

  constructor(place: RangePlace, { storage, folder }: AttemptFilesOptions) {
    this.#place = place;
    this.#storage = storage;
    const { batch, n } = place;
    this.requests = join(folder, `${batch}.${n}.${this.token}.jsonl`);
    this.output = storage.pathOf(toResultsName(batch, { n, token: this.token }, "output"));
    this.errors = storage.pathOf(toResultsName(batch, { n, token: this.token }, "errors"));
  }

  /** Brings the requests here. */
  async fetchRequests(input: string, [start, end]: readonly [number, number]): Promise<void> {
    await mkdir(dirname(this.requests), { recursive: true });
    const span = { start, end: end - 1 };
    await pipeline(
      this.#storage.getRange(toUploadName(input), span),
      createWriteStream(this.requests, { mode: 0o600 }),
    );
  }

  /** Goes on from the earlier attempt that has come furthest. Gives whether there is one. */
  async takeOver(): Promise<boolean> {
    makeFolder(dirname(this.output), { mode: 0o700, hint: "Results are kept there." });
    const longest = await this.#findLongest();
    if (longest === undefined) return false;
    const { batch, n } = this.#place;
    for (const part of ["output", "errors"] as const) {
      const name = toResultsName(batch, { n, token: longest }, part);
      await copyIfThere(this.#storage.pathOf(name), this[part]);
    }
    return true;
  }

  /** Makes what is written last, and gives how much that is. */
  async settle(): Promise<{ readonly outputBytes: number; readonly errorsBytes: number }> {
    return { outputBytes: await syncFile(this.output), errorsBytes: await syncFile(this.errors) };
  }

  /** Removes what nobody needs once the range has its segment: all attempts but the one that was committed. */
  async removeOthers(): Promise<void> {
    for (const { name, token } of await this.#listResults()) {
      if (token !== this.token) await this.#storage.remove(name);
    }
  }

  /** Removes the requests, and also the results where they are of no use to anybody. */
  async close({ isUseless = false }: { readonly isUseless?: boolean } = {}): Promise<void> {
    await rm(this.requests, { force: true });
    if (!isUseless) return;
    await rm(this.output, { force: true });
    await rm(this.errors, { force: true });
  }

  async #findLongest(): Promise<string | undefined> {
    const sizes = new Map<string, number>();
    for (const { name, token } of await this.#listResults()) {
      const bytes = (await this.#storage.size(name)) ?? 0;
      sizes.set(token, (sizes.get(token) ?? 0) + bytes);
    }
    const [longest] = [...sizes].filter(([, bytes]) => bytes > 0).sort(([, one], [, other]) => other - one);
    return longest?.[0];
  }

  async #listResults(): Promise<readonly { readonly name: string; readonly token: string }[]> {
    const { batch, n } = this.#place;
    const names = await this.#storage.list(`batches/${batch}/${n}.`);
    return names.map((name) => ({ name, token: name.split(".").at(-2) ?? "" }));
  }
}

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (cause) {
    if (!isNotFound(cause)) throw cause;
  }
}

/** What the database says is there is on the disk. */
async function syncFile(path: string): Promise<number> {
  const bytes = await sizeOf(path);
  if (bytes === undefined || bytes === 0) return 0;
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return bytes;
}
