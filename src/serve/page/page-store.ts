import type { FileObject } from "../../api/index.js";
import type { LiveFiles, ServedBatch, ServiceMachines } from "../../view/index.js";
import type { BatchDriver } from "../life/batch-driver.js";
import type { UpstreamStanding } from "../protocol/answering.js";
import type { Caller } from "../protocol/callers.js";
import type { BatchRecord } from "../store/batch-record.js";
import type { FileRecord } from "../store/file-record.js";
import type { FileStore } from "../store/file-store.js";

/** Batches and files of all owners, whoever keeps them, for the page of who runs the server. */
export interface PageStore {
  readonly files: FileStore;
  readonly driver: BatchDriver;
  /** Whether answers are made up. */
  isRehearsal(): Promise<boolean>;
  /** The newest, at most so many. */
  listBatches(most: number): Promise<Newest<KeptBatch>>;
  listFiles(most: number): Promise<Newest<KeptFile>>;
  findBatch(id: string): Promise<KeptBatch | undefined>;
  /** The id of the batch that sends again what failed in another, if there is one. */
  findRetry(batch: KeptBatch): Promise<string | undefined>;
  /** Those of these files that are there, by their ids. */
  findFiles(ids: readonly string[]): Promise<ReadonlyMap<string, FileObject>>;
  /** Another whenever a batch or a file is not what it was. */
  stamp(): Promise<string>;
  /** The files of a batch, as files of this machine; `undefined` where there is nothing to be shown of it. */
  hold(id: string): Promise<HeldFiles | undefined>;
  /** The content of an upload that is not shown yet, as a file of this machine. */
  openUpload(id: string): Promise<LocalFile>;
  /** A place for a file that is written only to be sent on. */
  openPlace(): Promise<LocalFile>;
  /** How it stands with all that is sent. */
  standing(): Promise<UpstreamStanding>;
  /** Who executes the batches, where others do; `undefined` where the server does itself. */
  readonly machines: Machines | undefined;
  close(): Promise<void>;
}

export interface Newest<Item> {
  readonly items: readonly Item[];
  /** How many there are. */
  readonly count: number;
}

export interface KeptBatch {
  /** As it is at this moment. */
  readonly record: BatchRecord;
  readonly owner: Caller;
  /** Why it does not go on now. */
  readonly wait: ServedBatch["wait"];
  /** Why its results are not shown, where they could be. */
  readonly hidden: string | undefined;
}

export interface KeptFile {
  readonly record: FileRecord;
  readonly owner: string;
}

export interface LocalFile {
  readonly path: string;
  readonly close: () => Promise<void>;
}

/** Files of a batch that stay here until they are closed. */
export interface HeldFiles {
  /** Which part of what a server can have open they take, from 0 to 1. */
  readonly weight: number;
  /** As they are now. */
  read(): Promise<LiveFiles>;
  /** The same, once all is here that there is. */
  readAll(): Promise<LiveFiles>;
  close(): Promise<void>;
}

export interface Machines {
  count(): Promise<number>;
  read(): Promise<ServiceMachines>;
}
