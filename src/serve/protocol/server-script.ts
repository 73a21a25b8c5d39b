import type { BatchError, BatchObject, BatchStatus, FileObject } from "../../api/index.js";
import type { Lane } from "../../execute/index.js";
import type { ApiError } from "./api-error.js";

/** A request to the server, as far as a script may tell one from the other. */
export interface ScriptedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** What a script is asked about a batch whose input was read. */
export interface ReadBatch {
  readonly model: string | null;
  /** Of its prompts, estimated from their bytes. */
  readonly promptTokens: number;
  /** Of the prompts of this model's other batches that are not at their end. */
  readonly enqueuedTokens: number;
}

/** What is to go otherwise than it would, for tests. Each is asked at one place of the server; a server in earnest has none. */
export interface ServerScript {
  /** Gives the error to answer with in the place of what was asked, before anything is done. */
  readonly refuse?: (request: ScriptedRequest) => ApiError | undefined;
  /** Whether the connection closes in the place of the answer, after everything was done. */
  readonly losesAnswer?: (request: ScriptedRequest) => boolean;
  /** After how many bytes of a download its connection breaks. */
  readonly cutDownload?: (file: FileObject) => number | undefined;
  /** The batch as it is shown. */
  readonly showBatch?: (batch: BatchObject, request: ScriptedRequest) => object;
  /** Why a batch with a valid input fails all the same. */
  readonly failBatch?: (batch: ReadBatch) => BatchError | undefined;
  /** The lane for a try to send what is left of a batch. Where it grants no more turns, the batch is out of time. */
  readonly wrapLane?: (lane: Lane, batch: BatchObject) => Lane;
  /** The lines of an output file, before it is shown. */
  readonly rewriteOutput?: (lines: readonly string[]) => readonly string[];
  /** How long a batch stays in a state at least, in milliseconds of the server's clock. */
  readonly stageMs?: Readonly<Partial<Record<BatchStatus, number>>>;
}
