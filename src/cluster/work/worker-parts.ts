import type { Upstream } from "../../execute/index.js";
import type { ServerEvent } from "../../serve/index.js";
import type { Database } from "../database/database.js";
import type { TaskQueue } from "../database/task-queue.js";
import type { SharedStorage } from "../storage/shared-storage.js";
import type { LeasedSending } from "./leased-sending.js";

/** What all that a worker does stands on. */
export interface WorkerParts {
  readonly database: Database;
  readonly queue: TaskQueue;
  readonly storage: SharedStorage;
  /** A folder of this worker alone. */
  readonly folder: string;
  readonly upstream: Upstream;
  readonly sending: LeasedSending;
  readonly isRehearsal: boolean;
  /** Takes the place of the model that a batch asks for. */
  readonly model: string | undefined;
  /** The models that there are; any, where it is undefined. */
  readonly models: ReadonlySet<string> | undefined;
  /** How long requests in flight may take once nobody waits for them, in milliseconds. */
  readonly graceMs: number;
  /** The most bytes of an input, and the most requests. */
  readonly maxBatchBytes: number;
  readonly maxBatchRequests: number;
  readonly onEvent: (event: ServerEvent) => void;
}
