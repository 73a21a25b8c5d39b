import type { Lane } from "../../execute/index.js";
import type { Clock } from "../store/clock.js";
import type { DiskBatchStore } from "../store/disk-batch-store.js";
import type { DiskFileStore } from "../store/disk-file-store.js";
import type { ServerEvent } from "../store/server-event.js";
import type { Gate } from "./gate.js";

/** What the lives of all batches share. */
export interface BatchServices {
  readonly batches: DiskBatchStore;
  readonly files: DiskFileStore;
  readonly clock: Clock;
  /** The models that there are; any, where it is undefined. */
  readonly models: ReadonlySet<string> | undefined;
  /** Takes the place of the model that a batch asks for. */
  readonly model: string | undefined;
  /** How long requests in flight may take once a batch is halted, in milliseconds. */
  readonly graceMs: number;
  /** Gives a batch its share of the upstream, for one try. */
  readonly openLane: () => Lane;
  /** How many inputs, and how many batches' results of an earlier server, are read at once. */
  readonly readings: Gate;
  /** How many batches send requests at once. */
  readonly runs: Gate;
  readonly onEvent: (event: ServerEvent) => void;
}
