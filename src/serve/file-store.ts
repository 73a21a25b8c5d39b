import { join } from "node:path";
import { type Clock, toSeconds } from "./clock.js";
import { type FileObject, type FileRecord, isFileRecord } from "./file-record.js";
import { RecordFolder, removeFile } from "./record-folder.js";

export interface NewFile extends Pick<FileObject, "id" | "purpose" | "filename" | "bytes"> {
  /** How long it lives, in seconds; for ever where it is undefined. */
  readonly seconds: number | undefined;
}

/** Every file of a server: a record and the content for each, gone once its time is over. */
export class FileStore {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #records: RecordFolder<FileRecord>;
  /** In the order in which they were made. */
  readonly #files = new Map<string, FileRecord>();
  #lastSequence = 0;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
    this.#records = new RecordFolder(folder, isFileRecord);
  }

  get size(): number {
    return this.#files.size;
  }

  /** Finds what an earlier server left. Gives the paths of records that it cannot read. */
  async load(): Promise<readonly string[]> {
    const { records, unreadable } = await this.#records.readAll();
    for (const record of records) this.#keep(record);
    await this.removeExpired();
    return unreadable;
  }

  /** Where the content of a file is, or will be. */
  pathOf(id: string): string {
    return join(this.#folder, `${id}.data`);
  }

  get(id: string): FileObject | undefined {
    const found = this.#files.get(id);
    return found === undefined || this.#isExpired(found) ? undefined : found.object;
  }

  /** All files, in the order in which they were made. */
  list(): FileObject[] {
    return Array.from(this.#files.values())
      .filter((record) => !this.#isExpired(record))
      .map(({ object }) => object);
  }

  /** Shows a file whose content is in its place. A file that is there already stays as it is. */
  async add({ id, purpose, filename, bytes, seconds }: NewFile): Promise<FileObject> {
    const known = this.#files.get(id);
    if (known !== undefined) return known.object;
    const createdAt = toSeconds(this.#clock.now());
    const record: FileRecord = {
      id,
      sequence: this.#lastSequence + 1,
      object: {
        object: "file",
        id,
        purpose,
        filename,
        bytes,
        created_at: createdAt,
        expires_at: seconds === undefined ? null : createdAt + seconds,
        status: "processed",
        status_details: null,
      },
    };
    this.#lastSequence = record.sequence;
    await this.#records.write(record);
    this.#keep(record);
    return record.object;
  }

  async remove(id: string): Promise<void> {
    this.#files.delete(id);
    await this.#records.remove(id);
    await removeFile(this.pathOf(id));
  }

  async removeExpired(): Promise<void> {
    const expired = Array.from(this.#files.values()).filter((record) => this.#isExpired(record));
    for (const { id } of expired) await this.remove(id);
  }

  #keep(record: FileRecord): void {
    this.#files.set(record.id, record);
    this.#lastSequence = Math.max(this.#lastSequence, record.sequence);
  }

  #isExpired({ object }: FileRecord): boolean {
    return object.expires_at !== null && object.expires_at <= toSeconds(this.#clock.now());
  }
}
