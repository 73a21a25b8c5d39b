import type { BatchObject, BatchStatus } from "../../api/index.js";

/** What a server has to tell. Holds neither bodies nor keys. */
export type ServerEvent =
  | RequestEvent
  | IgnoredEvent
  | BatchEvent
  | RangeEvent
  | WaitingEvent
  | PausedEvent
  | TroubleEvent;

/** A request was answered, or its connection ended before. */
export interface RequestEvent {
  readonly kind: "request";
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** `undefined` where the connection ended without an answer. */
  readonly status: number | undefined;
  readonly ms: number;
  /** Of a refusal, the code of its error; its type where it has none. */
  readonly code?: string;
}

/** A request for a file, a batch or a list of them gave parameters that are not known, and were left out of account. */
export interface IgnoredEvent {
  readonly kind: "ignored";
  readonly method: string;
  readonly path: string;
  /** Which they are, and what may have been meant. */
  readonly message: string;
}

/** A batch came into a state. */
export interface BatchEvent {
  readonly kind: "batch";
  readonly id: string;
  readonly status: BatchStatus;
  /** Why it failed: the first of its errors, with the line of its input, and how many there are. */
  readonly error?: { readonly code: string; readonly line: number | null; readonly count: number };
}

/** Tells of a batch as it is. The message of an error, which may quote a line, is left out. */
export function toBatchEvent({
  id,
  status,
  errors,
}: Pick<BatchObject, "id" | "status" | "errors">): BatchEvent {
  const [first] = errors?.data ?? [];
  const error = first && { code: first.code, line: first.line, count: errors?.data.length ?? 1 };
  return { kind: "batch", id, status, ...(error === undefined ? {} : { error }) };
}

/** A worker took a range of a batch, or is done with it. */
export interface RangeEvent {
  readonly kind: "range";
  /** Of the batch. */
  readonly id: string;
  /** Counted from 0. */
  readonly range: number;
  readonly state: RangeState;
  /** The requests of it that have a result, once it is done with. */
  readonly completed?: number;
  readonly failed?: number;
}

/**
 * `committed`: its results are those of the batch. `dropped`: it needed no more, for another worker or the end of the batch came first.
 * `given back`: another takes it on, with what there is. `lost`: the database heard nothing of the worker for too long, and another
 * has it, or may have.
 */
export type RangeState = "taken" | "committed" | "dropped" | "given back" | "lost";

/** A batch cannot go on now, for a cause outside it; it is tried again. */
export interface WaitingEvent {
  readonly kind: "waiting";
  readonly id: string;
  /** The cause, in the words of an error of openbatch. */
  readonly message: string;
  readonly waitMs: number;
}

/** Nothing is sent for a while, because whoever answers asks for it. */
export interface PausedEvent {
  readonly kind: "pause";
  readonly message: string;
  readonly waitMs: number;
}

/** Something of the server itself is not as it should be. */
export interface TroubleEvent {
  readonly kind: "trouble";
  readonly message: string;
}
