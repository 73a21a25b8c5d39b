import type { Readable } from "node:stream";
import type { FileObject } from "../../api/index.js";
import { type Clock, toSeconds } from "./clock.js";
import { type FileRecord, isFileRecord } from "./file-record.js";
import type { FileContent, FileSlice, FileStore, NewFile } from "./file-store.js";
import { FolderStorage } from "./folder-storage.js";
import { RecordFolder } from "./record-folder.js";
import { toSlice } from "./slice.js";

/** As many as a page of the list has at most. */
const mostRemembered = 10_000;

const noAlarm = { timeMs: Number.POSITIVE_INFINITY, cancel: (): void => undefined };

/** Every file of a server, in a folder of its own. All are of one owner. */
export class DiskFileStore implements FileStore {
  readonly #storage: FolderStorage;
  readonly #clock: Clock;
  readonly #records: RecordFolder<FileRecord>;
  readonly #files = new Map<string, FileRecord>();
  /** Where files were that are gone, for whoever pages through the list and deletes what he has seen. */
  readonly #sequencesOfRemoved = new Map<string, number>();
  #lastSequence = 0;
  #alarm = noAlarm;

  constructor(folder: string, clock: Clock) {
    this.#storage = new FolderStorage(folder);
    this.#clock = clock;
    this.#records = new RecordFolder(folder, isFileRecord);
  }

  async count(): Promise<number> {
    return this.#files.size;
  }

  /** Finds what an earlier server left. Gives the paths of records that it cannot read. */
  async load(): Promise<readonly string[]> {
    const { records, unreadable } = await this.#records.readAll();
    for (const record of records) this.#keep(record);
    await this.#removeExpired();
    return unreadable;
  }

  /** Where the content of a file is, or will be. */
  pathOf(id: string): string {
    return this.#storage.pathOf(toName(id));
  }

  async get(id: string): Promise<FileObject | undefined> {
    const found = this.#files.get(id);
    return found === undefined || this.#isExpired(found) ? undefined : found.object;
  }

  async list({ purpose, ...slice }: FileSlice): Promise<readonly FileRecord[]> {
    const found = this.listAll().filter(({ object }) => purpose === undefined || object.purpose === purpose);
    return toSlice(found, slice);
  }

  listAll(): FileRecord[] {
    return Array.from(this.#files.values()).filter((record) => !this.#isExpired(record));
  }

  async sequenceOf(id: string): Promise<number | undefined> {
    return this.#files.get(id)?.sequence ?? this.#sequencesOfRemoved.get(id);
  }

  receive(id: string, content: Readable, signal: AbortSignal): Promise<number> {
    return this.#storage.put(toName(id), content, { signal });
  }

  discard(id: string): Promise<void> {
    return this.#storage.remove(toName(id));
  }

  contentOf(id: string): FileContent {
    const name = toName(id);
    return {
      size: () => this.#storage.size(name),
      read: (span) => this.#storage.readRange(name, span),
    };
  }

  /** A file that is there already stays as it is. */
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
    this.#forget(id);
    await this.#records.remove(id);
    await this.discard(id);
  }

  /** Leaves everything as it is for another server. */
  close(): void {
    this.#alarm.cancel();
    this.#alarm = { timeMs: Number.NEGATIVE_INFINITY, cancel: () => undefined };
  }

  async #removeExpired(): Promise<void> {
    const expired = Array.from(this.#files.values()).filter((record) => this.#isExpired(record));
    for (const { id } of expired) this.#forget(id);
    for (const { id } of expired) await this.remove(id);
  }

  #keep(record: FileRecord): void {
    this.#files.set(record.id, record);
    this.#lastSequence = Math.max(this.#lastSequence, record.sequence);
    this.#wakeFor(record);
  }

  #forget(id: string): void {
    const record = this.#files.get(id);
    if (record === undefined) return;
    this.#files.delete(id);
    this.#sequencesOfRemoved.set(id, record.sequence);
    const [oldest] = this.#sequencesOfRemoved.keys();
    if (oldest !== undefined && this.#sequencesOfRemoved.size > mostRemembered) {
      this.#sequencesOfRemoved.delete(oldest);
    }
  }

  /** There is one alarm, for the file that expires first. */
  #wakeFor({ object }: FileRecord): void {
    const timeMs = (object.expires_at ?? Number.POSITIVE_INFINITY) * 1000;
    if (timeMs >= this.#alarm.timeMs) return;
    this.#alarm.cancel();
    this.#alarm = { timeMs, cancel: this.#clock.wakeAt(timeMs, () => this.#onAlarm()) };
  }

  #onAlarm(): void {
    // What stays on the disk is not shown any more, and is removed when a server begins.
    this.#removeExpired().catch(() => undefined);
    this.#alarm = noAlarm;
    for (const record of this.#files.values()) this.#wakeFor(record);
  }

  #isExpired({ object }: FileRecord): boolean {
    return object.expires_at !== null && object.expires_at <= toSeconds(this.#clock.now());
  }
}

/** What the content of a file is called. */
function toName(id: string): string {
  return `${id}.data`;
}
