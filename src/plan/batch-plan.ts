import type { Code } from "../errors/index.js";
import type { ProfileName } from "../providers/index.js";

/** How a batch file will be cut into batches. `${plan}` is its text. */
export interface BatchPlan {
  readonly file: string;
  /** The service that it is for. */
  readonly provider: ProfileName;
  readonly requests: number;
  readonly bytes: number;
  /** In the order of their first lines. */
  readonly parts: readonly PlannedPart[];
  /** Requests that no batch can hold, which are in no part: the first 1,000. */
  readonly unplaced: readonly UnplacedRequest[];
  readonly unplacedCount: number;
  /** What nobody has confirmed of the service, and the plan keeps to all the same. */
  readonly unknowns: readonly string[];
}

/** A slice of a batch file that one batch accepts. */
export interface PlannedPart {
  /** Counted from 1. */
  readonly number: number;
  /** The urls of its requests, the first 100: one where the service wants that. */
  readonly urls: readonly string[];
  /** The models that its requests name, the first 100. */
  readonly models: readonly string[];
  readonly requests: number;
  readonly bytes: number;
  readonly embeddingInputs: number;
  /** Its requests are between these lines of the file. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Where it was written, if it was. */
  readonly file?: string;
}

/** A request that no batch can hold. */
export interface UnplacedRequest {
  readonly line: number;
  readonly custom_id: string;
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}
