import type { ReadingProgress } from "../../batch-file/index.js";
import type { UpstreamEvent } from "../upstream/upstream-event.js";
import type { RunDescription } from "./run-summary.js";
import type { RunCounts } from "./run-tally.js";

/** What happens in a run, beside its results. Told apart by `kind`. */
export type RunEvent = ReadingEvent | StartEvent | UnderWayEvent | UpstreamEvent;

/** The batch file or the results file is being read. Comes for every megabyte. */
export interface ReadingEvent extends ReadingProgress {
  readonly kind: "reading";
}

/** The files are read, and the first request is about to be sent. */
export interface StartEvent extends RunDescription {
  readonly kind: "start";
  /** What the results file holds already. */
  readonly counts: RunCounts;
}

/** What is with the server now. Comes every second. */
export interface UnderWayEvent {
  readonly kind: "under_way";
  readonly requests: number;
  /** For how long the oldest attempt has been under way, in milliseconds. */
  readonly oldestMs: number;
  /** When an attempt times out, in milliseconds from its start. */
  readonly timeoutMs: number;
}
