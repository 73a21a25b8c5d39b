import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, toFileError } from "../../errors/index.js";
import { replaceFile } from "../../files/index.js";
import { tryParseJson } from "../../jsonl/index.js";
import { isObjectId } from "./object-id.js";

/** What a folder of records keeps of an object, beside what the object is to the outside. */
export interface StoredRecord {
  readonly id: string;
  /** The order in which objects were made, which seconds are too coarse to tell. */
  readonly sequence: number;
}

export interface FoundRecords<Stored> {
  /** In the order in which they were made. */
  readonly records: readonly Stored[];
  /** Paths of records that cannot be read as such. They are left as they are. */
  readonly unreadable: readonly string[];
}

/**
 * A folder that holds one JSON file for each object. A record is written beside and renamed, so that whoever is stopped leaves
 * the old one or the new one, whole.
 */
export class RecordFolder<Stored extends StoredRecord> {
  readonly #path: string;
  readonly #isRecord: (value: unknown) => value is Stored;

  constructor(path: string, isRecord: (value: unknown) => value is Stored) {
    this.#path = path;
    this.#isRecord = isRecord;
  }

  async readAll(): Promise<FoundRecords<Stored>> {
    const records: Stored[] = [];
    const unreadable: string[] = [];
    for (const name of await listRecords(this.#path)) {
      const path = join(this.#path, name);
      const record = tryParseJson(await readRecord(path));
      if (this.#isRecord(record) && `${record.id}.json` === name) records.push(record);
      else unreadable.push(path);
    }
    records.sort((one, other) => one.sequence - other.sequence);
    return { records, unreadable };
  }

  /** Resolves when the record is on the disk. No other one of the same object may be on its way. */
  async write(record: Stored): Promise<void> {
    const json = `${JSON.stringify(record)}\n`;
    await replaceFile(this.#pathOf(record.id), (file) => file.writeFile(json), { mode: 0o600 });
  }

  async remove(id: string): Promise<void> {
    await removeFile(this.#pathOf(id));
  }

  #pathOf(id: string): string {
    return join(this.#path, `${id}.json`);
  }
}

/** Removes a file, if it is there. */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw toFileError(cause, "remove", path);
  }
}

async function listRecords(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".json") && isObjectId(name.slice(0, -5)));
  } catch (cause) {
    throw toFileError(cause, "read", folder);
  }
}

/** A folder with the name of a record holds none. */
async function readRecord(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (isSystemError(cause) && cause.code === "EISDIR") return "";
    throw toFileError(cause, "read", path);
  }
}
