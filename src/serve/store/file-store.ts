import type { Readable } from "node:stream";
import type { FileObject } from "../../api/index.js";
import type { FileRecord } from "./file-record.js";
import type { Slice } from "./slice.js";
import type { ByteSpan } from "./storage.js";

export interface NewFile extends Pick<FileObject, "id" | "purpose" | "filename" | "bytes"> {
  /** How long it lives, in seconds; for ever where it is undefined. */
  readonly seconds: number | undefined;
}

export interface FileSlice extends Slice {
  /** Any, where it is undefined. */
  readonly purpose: string | undefined;
}

/** What a file holds. */
export interface FileContent {
  /** How many bytes are there; `undefined` where they are not any more. */
  size(): Promise<number | undefined>;
  /** Each chunk is valid until the next is asked for. */
  read(span?: ByteSpan): AsyncIterable<Buffer>;
}

/**
 * Every file of a server, or of several: a record and the content for each, gone once its time is over. Who asks names the
 * owner; a file of another one is as if it were not there.
 */
export interface FileStore {
  /** How many there are. */
  count(): Promise<number>;
  get(id: string, owner: string): Promise<FileObject | undefined>;
  list(slice: FileSlice, owner: string): Promise<readonly FileRecord[]>;
  /** Where a file stands in the order, also one that was removed not long ago. */
  sequenceOf(id: string, owner: string): Promise<number | undefined>;
  /** Takes the content of a file that is not shown yet. Gives how many bytes came. Where it fails nothing is left. */
  receive(id: string, content: Readable, signal: AbortSignal): Promise<number>;
  /** Forgets what was received. */
  discard(id: string): Promise<void>;
  /** Shows a file whose content is in its place. */
  add(file: NewFile, owner: string): Promise<FileObject>;
  contentOf(id: string): FileContent;
  remove(id: string, owner: string): Promise<void>;
}
