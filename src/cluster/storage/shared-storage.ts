import type { Storage } from "../../serve/index.js";

/** The name of what tells one storage from another. */
export const markName = "openbatch-storage";

/** What is under a name. */
export interface StoredObject {
  readonly name: string;
  readonly bytes: number;
  /** By the clock of the storage, in milliseconds. */
  readonly changedMs: number;
}

/**
 * Bytes that all servers and workers share. That it cannot be reached, or refuses, is thrown as `storage_away` or
 * `storage_refused` (`isStorageAway`).
 */
export interface SharedStorage extends Storage {
  /** What it is called in messages. */
  readonly place: string;
  /** What tells it from any other one; `undefined` where it has no such mark. */
  readMark(): Promise<string | undefined>;
  writeMark(mark: string): Promise<void>;
  /** What has a name that begins so, in the order of the names. */
  list(beginning: string): AsyncIterable<StoredObject>;
  /** What is under a name, as a file that can be read here and there. */
  openCopy(name: string, folder: string): Promise<LocalCopy>;
  /** Forgets what was begun before that time (by the clock of the storage), and never came to be under a name. */
  forgetUnfinished(beforeMs: number): Promise<void>;
  /** A file that is written here, and will be under a name. */
  grow(name: string, folder: string): GrowingFile;
}

export interface LocalCopy {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * A file that grows: it lies where the storage is, or in a folder of this machine and is sent on from there. However it ends, what
 * was written of it is found under names that begin with its own.
 */
export interface GrowingFile {
  readonly path: string;
  /** Begins with what an earlier one left. */
  begin(earlier: readonly StoredObject[]): Promise<void>;
  /** Makes what is written last under its name, whole, and gives how many bytes that is. */
  finish(): Promise<number>;
  /** Leaves what there is to another one, or removes it where it is of no use to anybody. */
  close(options: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  readonly isUseless: boolean;
  /** How long a storage that is away is waited for, in milliseconds. */
  readonly graceMs: number;
}
