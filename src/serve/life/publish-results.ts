import type { BatchStatus } from "../../api/index.js";
import { sizeOf } from "../../files/index.js";
import type { BatchChange } from "../store/batch-change.js";
import type { BatchRecord } from "../store/batch-record.js";
import type { DiskFileStore } from "../store/disk-file-store.js";
import { removeFile } from "../store/record-folder.js";
import type { BatchServices } from "./batch-services.js";
import type { BatchUnderWay } from "./batch-under-way.js";

/** Shows the files of a batch that hold something, and ends it. The ids of the others are `null`. */
export async function publishResults(batch: BatchUnderWay, { files }: BatchServices): Promise<BatchChange> {
  const { id, record } = batch;
  const publish = (fileId: string, filename: string): Promise<string | null> =>
    publishFile(files, { id: fileId, filename, seconds: record.outputSeconds });
  return {
    object: {
      status: toLastStatus(record),
      output_file_id: await publish(record.outputFileId, `${id}_output.jsonl`),
      error_file_id: await publish(record.errorFileId, `${id}_error.jsonl`),
      ...batch.counts,
    },
  };
}

async function publishFile(
  files: DiskFileStore,
  file: { readonly id: string; readonly filename: string; readonly seconds: number },
): Promise<string | null> {
  const path = files.pathOf(file.id);
  const bytes = (await sizeOf(path)) ?? 0;
  if (bytes === 0) {
    await removeFile(path);
    return null;
  }
  await files.add({ ...file, purpose: "batch_output", bytes });
  return file.id;
}

function toLastStatus({ object, isExpired }: BatchRecord): BatchStatus {
  if (object.status === "cancelling") return "cancelled";
  return isExpired ? "expired" : "completed";
}
