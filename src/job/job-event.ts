import type { PartRecord } from "./record/job-record.js";

/** What happens while a job is submitted or waited for. */
export type JobEvent =
  | { readonly kind: "parts"; readonly parts: readonly JobPart[] }
  /** Something went wrong that passes, or is worth a word. */
  | { readonly kind: "trouble"; readonly message: string };

/** Where a part stands. */
export type JobPart = Pick<
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
  | "submitted_at"
  | "ended_at"
>;
