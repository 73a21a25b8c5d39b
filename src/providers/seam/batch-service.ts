import type { Usage } from "../../api/index.js";
import type { RestOfFile } from "../../http/index.js";
import type { BatchState } from "../profiles/profile.js";

/** What a job asks of a service that runs batches: an adapter a service. Nothing here is tried again: the job knows when it may. */
export interface BatchService {
  /** Where it is, for messages and records: never with a key. */
  readonly target: string;
  /** Whether a part is uploaded first, and a batch then made of it. Where not, the requests go with the batch. */
  readonly takesFiles: boolean;
  /** Whether what is made carries the intent of its part. Where not, what is found is only like it, and may be another's. */
  readonly carriesIntents: boolean;
  /** Tells whether the server makes its answers up. Where that is not known to be possible, nothing is asked. */
  isRehearsal(signal?: AbortSignal): Promise<boolean>;
  /** Gives the name of the file there. */
  upload(part: OutgoingPart, signal?: AbortSignal): Promise<string>;
  create(part: OutgoingPart, file: string | undefined, signal?: AbortSignal): Promise<Sighting>;
  /** Files that were uploaded with the intent of a part. */
  findFiles(intent: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** Batches that may have been made with the intent of a part. */
  findBatches(part: SoughtBatch, signal?: AbortSignal): Promise<readonly Sighting[]>;
  look(batch: string, signal?: AbortSignal): Promise<Sighting>;
  cancel(batch: string, signal?: AbortSignal): Promise<Sighting>;
  /** The bytes of a file of results, from one on; from its beginning where the service knows no ranges. */
  download(file: string, offset: number, signal?: AbortSignal): Promise<RestOfFile>;
  /** How long a file is there; `undefined` where the service doesn't say. */
  sizeOf(file: string, signal?: AbortSignal): Promise<number | undefined>;
  /** Files that are gone already are no failure. */
  remove(file: string, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A part as it is sent: lines of the service's own. */
export interface OutgoingPart {
  /** Chance that goes with the file and the batch, by which they are found again. */
  readonly intent: string;
  /** Of all its requests. */
  readonly endpoint: string;
  readonly requests: number;
  readonly bytes: number;
  /** Reads it from its beginning, as often as needed. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

export interface SoughtBatch {
  readonly intent: string;
  /** What it was to be made of. */
  readonly file: string | undefined;
  readonly requests: number;
  /** When the intent was written down, as an ISO date. */
  readonly since: string;
}

/** A batch as it was seen once. */
export interface Sighting {
  readonly batch: string;
  /** What the job does next; how a request ended is in its line, never here. */
  readonly state: BatchState | "unknown";
  /** The service's own word for it. */
  readonly word: string;
  readonly counts: BatchCounts | undefined;
  /** The tokens that it took so far, where the service says so. */
  readonly usage?: Usage | undefined;
  /** Why a batch was rejected. */
  readonly problems: readonly BatchProblem[];
  /** Files of results. */
  readonly outputs: readonly string[];
  /** Whether somebody asked for its end, where the service's word does not say so. */
  readonly isCancelled?: boolean;
}

export interface BatchCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
}

/** What the service found in a batch when it validated it. */
export interface BatchProblem {
  readonly code: string | undefined;
  /** The service's words. May quote the request. */
  readonly message: string;
  /** Of the part, counted from 1. */
  readonly line: number | undefined;
  readonly param: string | undefined;
}
