import { Readable } from "node:stream";
import type { FileObject } from "../../api/index.js";
import type {
  ByteSpan,
  FileContent,
  FileRecord,
  FileSlice,
  FileStore,
  NewFile,
  Storage,
} from "../../serve/index.js";
import type { Database } from "../database/database.js";
import {
  type ContentPlace,
  countFiles,
  findFile,
  findPlace,
  insertFile,
  listFiles,
  removeFileOf,
  sequenceOfFile,
} from "../database/files-table.js";
import { listPieces } from "../database/segments-table.js";
import { toResultsName, toUploadName } from "./object-names.js";

/** Files whose records are in PostgreSQL and whose content is in a storage, for any number of servers. */
export class PgFileStore implements FileStore {
  readonly #database: Database;
  readonly #storage: Storage;

  constructor(database: Database, storage: Storage) {
    this.#database = database;
    this.#storage = storage;
  }

  count(): Promise<number> {
    return countFiles(this.#database);
  }

  get(id: string, owner: string): Promise<FileObject | undefined> {
    return findFile(this.#database, id, owner);
  }

  list(slice: FileSlice, owner: string): Promise<readonly FileRecord[]> {
    return listFiles(this.#database, slice, owner);
  }

  sequenceOf(id: string, owner: string): Promise<number | undefined> {
    return sequenceOfFile(this.#database, id, owner);
  }

  receive(id: string, content: Readable, signal: AbortSignal): Promise<number> {
    return this.#storage.put(toUploadName(id), content, { signal });
  }

  /** What cannot be removed now is swept later. */
  async discard(id: string): Promise<void> {
    await this.#storage.remove(toUploadName(id)).catch(() => undefined);
  }

  async add(file: NewFile, owner: string): Promise<FileObject> {
    const added = await insertFile(this.#database, file, owner);
    if (added === undefined) throw new TypeError(`There is a file ${file.id} already.`);
    return added;
  }

  contentOf(id: string): FileContent {
    return {
      size: async () => {
        const place = await findPlace(this.#database, id);
        return place?.batch ? place.bytes : this.#storage.size(toUploadName(id));
      },
      read: (span) => Readable.from(this.#read(id, span), { objectMode: false, highWaterMark: 262_144 }),
    };
  }

  remove(id: string, owner: string): Promise<void> {
    return removeFileOf(this.#database, id, owner);
  }

  async *#read(id: string, span: ByteSpan | undefined): AsyncGenerator<Buffer> {
    const place = await findPlace(this.#database, id);
    if (!place?.batch) return yield* this.#storage.getRange(toUploadName(id), span);
    yield* this.#readPieces(place, span ?? { start: 0, end: Number.POSITIVE_INFINITY });
  }

  /** What a batch wrote is never joined: its pieces are read one after the other, and of each what is asked for. */
  async *#readPieces({ batch, part }: ContentPlace, { start, end }: ByteSpan): AsyncGenerator<Buffer> {
    if (batch === null || part === null) return;
    let offset = 0;
    for (const piece of await listPieces(this.#database, batch, part)) {
      const [first, last] = [Math.max(start - offset, 0), Math.min(end - offset, piece.bytes - 1)];
      offset += piece.bytes;
      if (first > last) continue;
      yield* this.#storage.getRange(toResultsName(batch, piece, part), { start: first, end: last });
    }
  }
}
