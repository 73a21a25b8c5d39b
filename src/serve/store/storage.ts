import type { Readable } from "node:stream";

/** The first byte and the last one, counted in. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions {
  /** Breaks it off: then nothing is there. */
  readonly signal?: AbortSignal | undefined;
}

/** Bytes under names, on a disk or elsewhere. Parts of a name are separated by `/`. */
export interface Storage {
  /** Takes all that comes under a name that is new. Gives how many bytes came. Where it fails nothing is there. */
  put(name: string, bytes: Readable, options?: PutOptions): Promise<number>;
  /** Reads what is under a name, or a part of it. The stream fails where nothing is. */
  getRange(name: string, span?: ByteSpan): Readable;
  /** How many bytes are there; `undefined` where nothing is. */
  size(name: string): Promise<number | undefined>;
  /** Removes what is there, if anything is. */
  remove(name: string): Promise<void>;
}
