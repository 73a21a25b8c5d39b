import type { Usage } from "../../api/index.js";
import type { PlannedPrice, TokenPrice } from "../../plan/index.js";
import type { BatchCounts, BatchProblem, ModelNamesOptions } from "../../providers/index.js";

/**
 * What a job knows of its parts, in `job.json`. A part is there from the moment at which something is about to be done for it at
 * the service; what is not there is planned anew from what has no result.
 *
 * ```
 * uploading ──▶ uploaded ──▶ creating ──▶ submitted ──▶ ended ──▶ merged
 *     ▲             ▲            │            ├───────────┴──▶ gone       it, or its results, were there and are no longer
 *     │             └── not yet ─┴────────────┤
 *     └──── the file is not there ────────────┴──▶ rejected     the service found errors in it
 * ```
 *
 * `uploading` and `creating` are intents: whether it was done, nobody knows until it is looked for.
 */
export type PartState =
  | "uploading"
  | "uploaded"
  | "creating"
  | "submitted"
  | "ended"
  | "merged"
  | "gone"
  | "rejected";

export interface PartRecord {
  /** Counted from 1. */
  readonly number: number;
  /** 1 for requests that are sent for the first time. */
  readonly round: number;
  readonly state: PartState;
  readonly endpoint: string;
  readonly model: string | null;
  readonly requests: number;
  /** As it is uploaded. */
  readonly bytes: number;
  /** What is written with the file and the batch. */
  readonly intent: string;
  /** When the intent was written down, as an ISO date. */
  readonly since: string;
  readonly file?: string;
  readonly batch?: string;
  /** The service's own word for where the batch stands. */
  readonly word?: string;
  readonly counts?: BatchCounts;
  /** The tokens that the batch took, where the service says so. */
  readonly usage?: Usage;
  readonly outputs?: readonly string[];
  readonly problems?: readonly BatchProblem[];
  readonly submitted_at?: string;
  readonly ended_at?: string;
  /** Set where its batch was asked for twice, for the first was not to be seen: there may be another. */
  readonly doubted?: boolean;
  /** Lines that were taken from its results. */
  readonly results?: number;
  /** Set where the service refuses an id of the part: its requests are called by the numbers of their lines. */
  readonly ids?: "numbers";
  /** Whether somebody asked for the end of its batch, where the word for it does not say so. */
  readonly cancelled?: boolean;
  /** Whether its files at the service are deleted. */
  readonly removed?: boolean;
}

export interface JobRecord {
  readonly version: 1;
  readonly job: string;
  readonly created_at: string;
  /** Where the batch file is, from the folder that the job's own is in. */
  readonly file: string;
  /** The name of the results file, which is in that folder. */
  readonly output: string;
  readonly batch_file: RecordedFile;
  readonly target: string;
  readonly provider: string;
  readonly account: Account;
  /** What models are called at the service, as far as its user has said so. */
  readonly names?: ModelNamesOptions;
  /** What the job was to cost when it began, in US dollars, where prices were known. */
  readonly planned_cost?: PlannedPrice;
  /** The price that was given then, in place of what lists have. */
  readonly token_price?: TokenPrice;
  /** What was sent in another way than in these parts may cost so much, in US dollars, by what it was sent for. */
  readonly costs_elsewhere?: Readonly<Record<string, number>>;
  /** How often answers were repaired: what came of it is in the results. */
  readonly repairs?: number;
  /** When a sample was seen to be usable, as an ISO date. */
  readonly canary_passed_at?: string;
  readonly parts: readonly PartRecord[];
}

/** The batch file as it was when the job was last gone on with. */
export interface RecordedFile {
  readonly bytes: number;
  readonly sha256: string;
  readonly requests: number;
}

/** Whose the job is, without a word of the key. */
export interface Account {
  readonly salt: string;
  readonly hash: string;
}
