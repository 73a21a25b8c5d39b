import { isObject } from "../../api/index.js";
import type { StoredRecord } from "./record-folder.js";

/** A file as the service shows it. Source: recorded answers, and `FileObject` of openai-node 7.57, November 2026. */
export interface FileObject {
  readonly object: "file";
  readonly id: string;
  readonly purpose: string;
  /** What the uploader called it. Data alone: it is no path of this server. */
  readonly filename: string;
  readonly bytes: number;
  /** Seconds since 1970, like all times of the service. */
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly status: "processed";
  readonly status_details: null;
}

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
