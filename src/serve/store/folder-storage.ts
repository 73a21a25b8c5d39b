import { createReadStream, createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { toFileError } from "../../errors/index.js";
import { makeFolder, sizeOf } from "../../files/index.js";
import { removeFile } from "./record-folder.js";
import type { ByteSpan, PutOptions, Storage } from "./storage.js";

/** How much is read and written at once. */
const chunkBytes = 262_144;

/** A folder of files, each under its name. */
export class FolderStorage implements Storage {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where that is which has a name, for those who work on files. */
  pathOf(name: string): string {
    return join(this.#folder, name);
  }

  async put(name: string, bytes: Readable, { signal }: PutOptions = {}): Promise<number> {
    const path = this.pathOf(name);
    if (name.includes("/")) makeFolder(dirname(path), { mode: 0o700, hint: "Bytes are kept there." });
    const file = createWriteStream(path, {
      flags: "wx",
      mode: 0o600,
      flush: true,
      highWaterMark: chunkBytes,
    });
    let isOwn = false;
    file.once("open", () => {
      isOwn = true;
    });
    try {
      await pipeline(bytes, file, { signal });
      return file.bytesWritten;
    } catch (error) {
      // One that is only being opened comes to be after its end, and could not be removed before.
      if (!file.closed) await new Promise<void>((resolve) => file.once("close", () => resolve()));
      if (isOwn) await removeFile(path);
      throw toFileError(error, "write", path);
    }
  }

  getRange(name: string, span: Partial<ByteSpan> = {}): Readable {
    return createReadStream(this.pathOf(name), { ...span, highWaterMark: chunkBytes });
  }

  size(name: string): Promise<number | undefined> {
    return sizeOf(this.pathOf(name));
  }

  remove(name: string): Promise<void> {
    return removeFile(this.pathOf(name));
  }
}
