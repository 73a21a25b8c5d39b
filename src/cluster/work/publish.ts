import type { BatchStatus } from "../../api/index.js";
import type { BatchRecord } from "../../serve/index.js";
import { changeBatch, type StoredBatch } from "../database/batches-table.js";
import type { Session } from "../database/database.js";
import { insertFile, type SegmentPart } from "../database/files-table.js";
import { sumBytes } from "../database/segments-table.js";

/** Shows the files of a batch that hold something, and ends it. */
export async function publish(batch: StoredBatch, session: Session): Promise<BatchRecord> {
  const { record, owner } = batch;
  const bytes = await sumBytes(session, record.id);
  const show = async (id: string, part: SegmentPart, filename: string): Promise<string | null> => {
    if (bytes[part] === 0) return null;
    const file = { id, filename, purpose: "batch_output", bytes: bytes[part], seconds: record.outputSeconds };
    await insertFile(session, { ...file, batch: record.id, part }, owner);
    return id;
  };
  return changeBatch(session, batch, {
    object: {
      status: toLastStatus(record),
      output_file_id: await show(record.outputFileId, "output", `${record.id}_output.jsonl`),
      error_file_id: await show(record.errorFileId, "errors", `${record.id}_error.jsonl`),
      ...toCounts(batch),
    },
  });
}

function toLastStatus({ object, isExpired }: BatchRecord): BatchStatus {
  if (object.status === "cancelling") return "cancelled";
  return isExpired ? "expired" : "completed";
}

/** What was answered of a batch. */
export function toCounts({ record, completed, failed, usage }: StoredBatch) {
  const { total } = record.object.request_counts;
  return { request_counts: { total, completed, failed }, usage };
}
