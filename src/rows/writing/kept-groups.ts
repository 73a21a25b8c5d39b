import { type FileHandle, open, rm } from "node:fs/promises";
import { deserialize, serialize } from "node:v8";
import { toFileError } from "../../errors/index.js";
import type { KeptCell } from "./kept-cell.js";

/** Some rows, by column. */
export type CellGroup = readonly (readonly KeptCell[])[];

/**
 * Groups of rows, to be read once they are all there: in a file, but for the last, so that a table of one group needs none. The
 * file has no name any more once it is open, where the system allows that: then nothing is left of it, however the process ends.
 */
export class KeptGroups {
  readonly #path: string;
  readonly #lengths: number[] = [];
  #file: FileHandle | undefined;
  #last: CellGroup | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async add(group: CellGroup): Promise<void> {
    if (this.#last !== undefined) await this.#store(this.#last);
    this.#last = group;
  }

  async *read(): AsyncGenerator<CellGroup> {
    let position = 0;
    for (const length of this.#lengths) {
      const bytes = await this.#readBytes(position, length);
      position += length;
      // It is what was stored.
      yield deserialize(bytes) as CellGroup;
    }
    if (this.#last !== undefined) yield this.#last;
  }

  async close(): Promise<void> {
    await this.#file?.close();
    await rm(this.#path, { force: true });
  }

  async #store(group: CellGroup): Promise<void> {
    const bytes = serialize(group);
    this.#file ??= await openUnnamed(this.#path);
    await this.#file.writeFile(bytes).catch((cause: unknown) => {
      throw toFileError(cause, "write", this.#path);
    });
    this.#lengths.push(bytes.length);
  }

  async #readBytes(start: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const read = await this.#file?.read(bytes, filled, length - filled, start + filled);
      if (!read?.bytesRead) throw new Error("A file of kept rows has lost its end.");
      filled += read.bytesRead;
    }
    return bytes;
  }
}

async function openUnnamed(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "wx+", 0o600);
    // Windows removes no open file: there it goes when it is closed.
    await rm(path).catch(() => undefined);
    return file;
  } catch (cause) {
    throw toFileError(cause, "write", path);
  }
}
