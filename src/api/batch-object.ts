import type { Usage } from "./usage.js";

/**
 * The states of a batch, in the service's words:
 *
 * ```
 * validating ─┬─▶ in_progress ──▶ finalizing ─┬─▶ completed
 *             │        │              │       └─▶ expired
 *             │        └──────────────┴──▶ cancelling ──▶ cancelled
 *             └─▶ failed
 * ```
 */
export type BatchStatus = (typeof batchStatuses)[number];

export const batchStatuses = [
  "validating",
  "failed",
  "in_progress",
  "finalizing",
  "completed",
  "expired",
  "cancelling",
  "cancelled",
] as const;

/** Why a batch failed: what is wrong with one line of its input, or with all of it (`line` is `null`). */
export interface BatchError {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly param: string | null;
}

export interface RequestCounts {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
}

/** A batch as the service shows it; what is not set is `null`. Source: recorded answers, and openai-node 7.57, November 2026. */
export interface BatchObject {
  readonly id: string;
  readonly object: "batch";
  readonly endpoint: string;
  readonly model: string | null;
  readonly errors: { readonly object: "list"; readonly data: readonly BatchError[] } | null;
  readonly input_file_id: string;
  readonly completion_window: "24h";
  readonly status: BatchStatus;
  readonly output_file_id: string | null;
  readonly error_file_id: string | null;
  readonly created_at: number;
  readonly in_progress_at: number | null;
  readonly expires_at: number;
  readonly finalizing_at: number | null;
  readonly completed_at: number | null;
  readonly failed_at: number | null;
  readonly expired_at: number | null;
  readonly cancelling_at: number | null;
  readonly cancelled_at: number | null;
  readonly request_counts: RequestCounts;
  readonly usage: Usage;
  readonly metadata: Readonly<Record<string, string>> | null;
}

const terminal: ReadonlySet<string> = new Set<BatchStatus>(["failed", "completed", "expired", "cancelled"]);

/** Whether nothing will happen to a batch any more. A status that nobody knows is none to end with. */
export function isAtEnd({ status }: { readonly status: string }): boolean {
  return terminal.has(status);
}
