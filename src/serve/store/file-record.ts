import { type FileObject, isObject } from "../../api/index.js";
import type { StoredRecord } from "./record-folder.js";

export interface FileRecord extends StoredRecord {
  readonly object: FileObject;
}

/** What `purpose` may be of an uploaded file. Source: `FilePurpose` of openai-node 7.57, November 2026. */
export const filePurposes = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"] as const;

/** Whether a value is a record as this server writes them, told by what it would fail without. */
export function isFileRecord(value: unknown): value is FileRecord {
  if (!isObject(value) || !isObject(value.object)) return false;
  const { id, filename, purpose, bytes, created_at, expires_at } = value.object;
  return (
    typeof id === "string" &&
    id === value.id &&
    typeof filename === "string" &&
    typeof purpose === "string" &&
    [value.sequence, bytes, created_at].every(Number.isFinite) &&
    (expires_at === null || Number.isFinite(expires_at))
  );
}
