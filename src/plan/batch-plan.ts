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
  /** What the input of the whole file is likely between, 99 of 100 times, where only a sample of it was counted. */
  readonly inputRange?: TokenRange;
  /** The most that the answers may have; absent where a request sets no limit. */
  readonly outputAtMost?: number;
  /** Whether the input is counted with the models' own encodings; otherwise some of it is estimated. */
  readonly isExact: boolean;
}

/** What the tokens of all requests are likely between. */
export interface TokenRange {
  readonly atLeast: number;
  readonly atMost: number;
}

/** In US dollars. */
export interface PlannedPrice {
  /** Of what the requests ask. */
  readonly input: number;
  /** Of the same if all of it were in the service's cache; absent where nothing is known of a lower price. */
  readonly cachedInput?: number;
  /** With answers of the stated share of their limits; absent where none was stated, or a request sets no limit. */
  readonly expected?: number;
  /** With answers as long as they may be, and the most input that is likely; absent where a request sets no limit. */
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
