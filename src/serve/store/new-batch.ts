import { type BatchObject, noUsage } from "../../api/index.js";
import type { BatchParameters, BatchRecord } from "./batch-record.js";
import { createFileId } from "./object-id.js";

/** How long a batch may take, in seconds: its completion window. */
const windowSeconds = 86_400;

/** A batch of which nothing was done. @param createdAt in seconds. */
export function toNewBatch(
  id: string,
  parameters: BatchParameters,
  createdAt: number,
): Omit<BatchRecord, "sequence" | "isRehearsal"> {
  return {
    id,
    object: toNewObject(id, parameters, createdAt),
    outputFileId: createFileId(),
    errorFileId: createFileId(),
    outputSeconds: parameters.outputSeconds,
    promptTokens: 0,
    isExpired: false,
  };
}

function toNewObject(id: string, parameters: BatchParameters, createdAt: number): BatchObject {
  return {
    id,
    object: "batch",
    endpoint: parameters.endpoint,
    model: null,
    errors: null,
    input_file_id: parameters.inputFileId,
    completion_window: "24h",
    status: "validating",
    output_file_id: null,
    error_file_id: null,
    created_at: createdAt,
    in_progress_at: null,
    expires_at: createdAt + windowSeconds,
    finalizing_at: null,
    completed_at: null,
    failed_at: null,
    expired_at: null,
    cancelling_at: null,
    cancelled_at: null,
    request_counts: { total: 0, completed: 0, failed: 0 },
    usage: noUsage,
    metadata: parameters.metadata,
  };
}
