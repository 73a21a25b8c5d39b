import type { OpenbatchError } from "../../errors/index.js";

/** What happens at an upstream, for those who watch it. */
export type UpstreamEvent = RetryEvent | PauseEvent | ConcurrencyEvent | CauseEvent;

/** An attempt failed, and there will be another. */
export interface RetryEvent {
  readonly kind: "retry";
  readonly custom_id: string | undefined;
  /** The attempt that failed, counted from 1. */
  readonly attempt: number;
  /** Until the next one, in milliseconds; a pause may make it longer. */
  readonly delayMs: number;
  /** As in `status 503` or `the connection failed: it was cut (ECONNRESET)`. */
  readonly reason: string;
}

/** Nothing is sent for a while, because the server asks for it. */
export interface PauseEvent {
  readonly kind: "pause";
  readonly until: Date;
  readonly reason: string;
}

/** Another number of attempts may be under way at once. */
export interface ConcurrencyEvent {
  readonly kind: "concurrency";
  readonly limit: number;
}

/** A cause was found that fails every request of a lane, or every one to a url or a model. */
export interface CauseEvent {
  readonly kind: "cause";
  readonly cause: OpenbatchError;
}
