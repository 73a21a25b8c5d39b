import { type BatchObject, batchStatuses, isObject } from "../../api/index.js";
import { messagesURL } from "../../rehearse/index.js";
import { isObjectId } from "./object-id.js";
import type { StoredRecord } from "./record-folder.js";

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
    batchStatuses.some((known) => known === status) &&
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

/** Whether a batch is one of Anthropic's, which OpenAI's clients do not see. */
export function isMessageBatch({ object }: BatchRecord): boolean {
  return object.endpoint === messagesURL;
}

/** What is asked for in `POST /v1/batches`, understood. */
export interface BatchParameters {
  readonly endpoint: string;
  readonly inputFileId: string;
  /** What its input holds, where there is no file of it. */
  readonly input?: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** How long its output and error files live, in seconds. */
  readonly outputSeconds: number;
}
