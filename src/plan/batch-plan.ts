import type { Code } from "../errors/index.js";
import type { ProfileName } from "../providers/index.js";
import type { TranslationWarning } from "./parts/translation-warnings.js";

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
  /** What is left out of requests, or chosen for them, in the lines of a service that does not take ours. */
  readonly warnings?: readonly TranslationWarning[];
  /** Of all parts; absent where tokens were not counted. */
  readonly tokens?: PlannedTokens;
  /** What the batches cost; absent where the price of a model, or of a batch at the service, is not known. */
  readonly price?: PlannedPrice;
  /** What the same requests cost that are sent one by one, as `openbatch run` does. */
  readonly directPrice?: PlannedPrice;
  /** What the plan cannot know, and what it keeps to though nobody has confirmed it: sentences. */
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
  readonly tokens?: PlannedTokens;
  readonly price?: PlannedPrice;
  /** Where it was written, if it was. */
  readonly file?: string;
}

export interface PlannedTokens {
  /** Of what the requests ask. */
  readonly input: number;
  /** The most that the answers may have; absent where a request sets no limit. */
  readonly outputAtMost?: number;
  /** Whether the input is counted with the models' own encodings; otherwise some of it is estimated. */
  readonly isExact: boolean;
}

/** In US dollars. */
export interface PlannedPrice {
  /** Of what the requests ask. */
  readonly input: number;
  /** With answers as long as they may be; absent where a request sets no limit. */
  readonly atMost?: number;
}

/** A request that no batch can hold. */
export interface UnplacedRequest {
  readonly line: number;
  readonly custom_id: string;
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}
