import type { ServerEvent } from "../../serve/index.js";
import type { Database } from "../database/database.js";
import type { TaskQueue } from "../database/task-queue.js";
import type { SharedStorage } from "../storage/shared-storage.js";
import type { LeasedSending } from "./leased-sending.js";
import type { WorkerUpstreams } from "./worker-upstreams.js";

/** What all that a worker does stands on. */
export interface WorkerParts {
  readonly database: Database;
  readonly queue: TaskQueue;
  readonly storage: SharedStorage;
  /** A folder of this worker alone. */
  readonly folder: string;
  readonly upstreams: WorkerUpstreams;
  readonly sending: LeasedSending;
  readonly isRehearsal: boolean;
  /** Of the machine's steady clock, in milliseconds. */
  readonly startedAt: number;
  /** How long requests in flight may take once nobody waits for them, in milliseconds. */
  readonly graceMs: number;
  /** The most bytes of an input, and the most requests. */
  readonly maxBatchBytes: number;
  readonly maxBatchRequests: number;
  readonly onEvent: (event: ServerEvent) => void;
}
