import type { BatchPlan } from "../../plan/index.js";
import type { PartRecord } from "../record/job-record.js";
import type { CanaryReport } from "./canary-report.js";

/** What happens while a job is submitted or waited for. */
export type JobEvent =
  /** Of a job that begins: what will be sent, and what it costs. */
  | { readonly kind: "plan"; readonly plan: BatchPlan }
  /** What a sample says of the whole. */
  | { readonly kind: "canary"; readonly report: CanaryReport }
  | { readonly kind: "parts"; readonly parts: readonly JobPart[] }
  /** Something went wrong that passes, or is worth a word. */
  | { readonly kind: "trouble"; readonly message: string };

/** Where a part stands. */
export interface JobPart extends PickedPart {
  /** What its tokens cost so far, in US dollars, where price and tokens are known. */
  readonly cost?: number;
}

type PickedPart = Pick<
  PartRecord,
  | "number"
  | "round"
  | "state"
  | "endpoint"
  | "model"
  | "requests"
  | "bytes"
  | "batch"
  | "word"
  | "counts"
  | "usage"
  | "submitted_at"
  | "ended_at"
>;
