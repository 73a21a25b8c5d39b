import { readFile } from "node:fs/promises";
import type { BatchObject } from "../../api/index.js";
import { replaceFile, sizeOf } from "../../files/index.js";
import type { BatchRecord } from "../store/batch-record.js";
import type { FileStore } from "../store/file-store.js";
import { removeFile } from "../store/record-folder.js";

/** Shows the files of a batch that hold something. The ids of the others are `null`. */
export async function publishResults(
  { id, outputFileId, errorFileId, outputSeconds }: BatchRecord,
  files: FileStore,
): Promise<Pick<BatchObject, "output_file_id" | "error_file_id">> {
  const publish = async (fileId: string, filename: string): Promise<string | null> => {
    const path = files.pathOf(fileId);
    const bytes = (await sizeOf(path)) ?? 0;
    if (bytes === 0) {
      await removeFile(path);
      return null;
    }
    await files.add({ id: fileId, purpose: "batch_output", filename, bytes, seconds: outputSeconds });
    return fileId;
  };
  return {
    output_file_id: await publish(outputFileId, `${id}_output.jsonl`),
    error_file_id: await publish(errorFileId, `${id}_error.jsonl`),
  };
}

/** Lets a script have its way with the lines of an output file. */
export async function rewriteResults(
  path: string,
  rewrite: (lines: readonly string[]) => readonly string[],
): Promise<void> {
  if (!(await sizeOf(path))) return;
  const text = await readFile(path, "utf8");
  const lines = rewrite(text.split("\n").slice(0, -1));
  await replaceFile(path, (file) => file.writeFile(lines.map((line) => `${line}\n`).join("")), {
    mode: 0o600,
  });
}
