import { closeSync, createReadStream, createWriteStream, openSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
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

  /** The same into one buffer, which costs less than half of a stream: each chunk is valid until the next is asked for. */
  async *readRange(
    name: string,
    { start = 0, end = Number.POSITIVE_INFINITY }: Partial<ByteSpan> = {},
  ): AsyncGenerator<Buffer> {
    const file = openSync(this.pathOf(name), "r");
    try {
      const bytes = Buffer.allocUnsafeSlow(Math.min(chunkBytes, end - start + 1));
      for (let at = start; at <= end; ) {
        const length = readSync(file, bytes, 0, Math.min(bytes.length, end - at + 1), at);
        if (length === 0) return;
        yield bytes.subarray(0, length);
        at += length;
        // Whoever takes all at once would keep the others waiting.
        await setImmediate();
      }
    } finally {
      closeSync(file);
    }
  }

  size(name: string): Promise<number | undefined> {
    return sizeOf(this.pathOf(name));
  }

  remove(name: string): Promise<void> {
    return removeFile(this.pathOf(name));
  }
}
