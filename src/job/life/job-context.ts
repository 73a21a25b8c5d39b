import type { BatchService } from "../../providers/index.js";
import type { JobState } from "./job-state.js";
import type { JobWork } from "./work.js";

/** What all who work on a job at one time share. */
export interface JobContext {
  readonly service: BatchService;
  readonly state: JobState;
  readonly work: JobWork;
  /** The batch to take for one that may have been made, where nothing tells: an id, or `none`. */
  readonly adopt: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onTrouble: (message: string) => void;
  /** Is told whenever a part stands elsewhere. */
  readonly onChange: () => void;
  /** Says anew which requests are at the service. */
  readonly claim: () => Promise<void>;
}
