import { isObject, type Usage } from "../../api/index.js";
import { isObjectId } from "./object-id.js";
import type { StoredRecord } from "./record-folder.js";

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
export type BatchStatus = (typeof statuses)[number];

const statuses = [
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

export interface BatchRecord extends StoredRecord {
  readonly object: BatchObject;
  /** The ids under which results are gathered, and are shown once there are any. */
  readonly outputFileId: string;
  readonly errorFileId: string;
  /** How long its files live from their making, in seconds. */
  readonly outputSeconds: number;
  /** What its prompts are estimated to have, once its input was read. */
  readonly promptTokens: number;
  /** Whether what is being finalized is a batch that ran out of time. */
  readonly isExpired: boolean;
  /** Whether its answers are made up. */
  readonly isRehearsal: boolean;
}

const terminal: ReadonlySet<BatchStatus> = new Set(["failed", "completed", "expired", "cancelled"]);

/** Whether nothing will happen to a batch any more. */
export function isTerminal({ object }: BatchRecord): boolean {
  return terminal.has(object.status);
}

/** Whether a value is a record as this server writes them, told by what it would fail without. */
export function isBatchRecord(value: unknown): value is BatchRecord {
  if (!isObject(value) || !isObject(value.object)) return false;
  const { id, sequence, outputFileId, errorFileId, outputSeconds, promptTokens } = value;
  return (
    typeof id === "string" &&
    id === value.object.id &&
    [outputFileId, errorFileId].every((fileId) => typeof fileId === "string" && isObjectId(fileId)) &&
    [sequence, outputSeconds, promptTokens].every(Number.isFinite) &&
    typeof value.isExpired === "boolean" &&
    typeof value.isRehearsal === "boolean" &&
    isBatchObject(value.object)
  );
}

function isBatchObject(object: Readonly<Record<string, unknown>>): boolean {
  const { status, endpoint, model, input_file_id, created_at, expires_at, in_progress_at } = object;
  return (
    statuses.some((known) => known === status) &&
    typeof endpoint === "string" &&
    typeof input_file_id === "string" &&
    (model === null || typeof model === "string") &&
    [created_at, expires_at].every(Number.isFinite) &&
    (in_progress_at === null || Number.isFinite(in_progress_at)) &&
    isRequestCounts(object.request_counts)
  );
}

function isRequestCounts(value: unknown): boolean {
  return isObject(value) && [value.total, value.completed, value.failed].every(Number.isFinite);
}

/** What is asked for in `POST /v1/batches`, understood. */
export interface BatchParameters {
  readonly endpoint: string;
  readonly inputFileId: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** How long its output and error files live, in seconds. */
  readonly outputSeconds: number;
}
