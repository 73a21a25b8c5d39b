import type { BatchStatus } from "../api/index.js";
import type { BatchServerOptions } from "../serve/index.js";
import type { BatchServerTrouble } from "./batch-server-trouble.js";
import type { TestClockOptions } from "./test-clock.js";

export interface TestBatchServerOptions extends BatchServerOptions {
  /** The clock of the server. By default it goes as the machine's does. */
  readonly clock?: TestClockOptions | undefined;
  /** How long a batch stays in a state at least, in milliseconds of that clock. By default no longer than its work takes. */
  readonly stageMs?: Readonly<Partial<Record<BatchStatus, number>>> | undefined;
  /** What is to go wrong. */
  readonly trouble?: BatchServerTrouble | undefined;
}
