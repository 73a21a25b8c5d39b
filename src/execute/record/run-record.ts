import type { OpenbatchError } from "../../errors/index.js";
import type { RunningProcess } from "../../files/index.js";
import type { Latencies } from "./latencies.js";
import type { RunMoment } from "./run-moments.js";

/** One run as its record tells it. */
export interface RecordedRun {
  /** When it began, as an ISO date. */
  readonly startedAt: string;
  /** `undefined` for a run that was killed, or is still going on. */
  readonly endedAt: string | undefined;
  /** How it ended: `completed`, `interrupted`, `stopped`; `unfinished` where nothing says that it did. */
  readonly state: "completed" | "interrupted" | "stopped" | "unfinished";
  /** The code of what stopped it. */
  readonly cause: string | undefined;
  /** What answered: a base URL, or "rehearsal". */
  readonly target: string;
  /** The model that took the place of the requests' own. */
  readonly model: string | undefined;
  readonly isRehearsal: boolean;
  readonly batchFile: RecordedBatchFile;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The most requests that were in flight at once. */
  readonly mostInFlight: number;
  /** Results that the record tells of. Of a run without an end there may be more, of its last second. */
  readonly settled: number;
  /** How often their requests were sent. */
  readonly attempts: number;
  /** The time that their requests took, from the first attempt to the end, added up, in milliseconds. */
  readonly requestMs: number;
  /** The longest of these times. */
  readonly longestMs: number;
  /** How far it was, every few seconds and at its end, in the order of time: some two thousand at the most, from all over the run. */
  readonly moments: readonly RunMoment[];
}

/** The batch file as it was when a run began. */
export interface RecordedBatchFile {
  readonly bytes: number;
  readonly sha256: string;
  readonly requests: number;
}

/** What is recorded of the runs that wrote a results file. */
export interface RunRecord {
  /** In the order in which they began. */
  readonly runs: readonly RecordedRun[];
  /** The sums over all runs. Where one is `unfinished`, they are the least that they can be. */
  readonly settled: number;
  readonly attempts: number;
  readonly requestMs: number;
  /** How long single requests took; `undefined` where none is settled. */
  readonly latencies: Latencies | undefined;
  /** From the beginning to the end of each run, added up; of an unfinished one, as long as its requests took at the least. */
  readonly seconds: number;
  /** The process that writes the results at this moment. */
  readonly underWay: RunningProcess | undefined;
  /**
   * How many requests, at the most, were in flight when a run was killed or cut short, and have not surely been answered since:
   * a run that goes on sends those again that have no result.
   */
  readonly mayBeSentTwice: number;
}

/** A line that begins a run. */
export interface RunStart {
  readonly run: "started";
  readonly started_at: string;
  readonly batch_file: RecordedBatchFile;
  readonly target: string;
  readonly model: string | null;
  readonly rehearsal: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Requests of the batch file that have no result yet. Not every record has it. */
  readonly left?: number;
}

/** A line that ends a run. */
export interface RunEndLine {
  readonly run: "ended";
  readonly ended_at: string;
  readonly state: "completed" | "interrupted" | "stopped";
  /** The code of what stopped it. */
  readonly cause: string | null;
  /** Requests of the batch file that still have no result, whether this run was for them or not. */
  readonly left: number;
  /** Requests that were sent, and cut short. */
  readonly cut_off: number;
  readonly [count: string]: unknown;
}

/** What ended a run. */
export type RunEnd =
  /** Each selected request has a result. */
  | { readonly kind: "completed" }
  /** The signal, or whoever closed the lane. The same run goes on later. */
  | { readonly kind: "interrupted" }
  /** What would fail every request, or a full disk. The same run goes on when it is mended. */
  | { readonly kind: "stopped"; readonly cause: OpenbatchError };
