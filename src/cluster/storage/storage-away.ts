import { isSystemError, OpenbatchError, toFileError } from "../../errors/index.js";
import { markName } from "./shared-storage.js";

/** Whether what failed will do once the storage is back, or somebody has set it right. */
export function isStorageAway(error: unknown): error is OpenbatchError {
  return error instanceof OpenbatchError && /^storage_(?:away|refused)$/.test(error.code);
}

/** What a disk or a share says that is full, read-only, away or broken. */
const awayCodes: readonly string[] = [
  ...["disk_full", "no_permission", "file_failed", "not_a_folder", "not_a_file"],
];

/** Turns what the file system threw into `storage_away`, if others would meet it too. */
export function toFolderError(cause: unknown, action: string, path: string): unknown {
  const error = isSystemError(cause) ? toFileError(cause, action, path) : cause;
  if (!(error instanceof OpenbatchError) || !awayCodes.includes(error.code)) return error;
  return new OpenbatchError("storage_away", `The storage cannot be used. ${error.message}`, {
    hint: error.hint,
    cause,
  });
}

/** Where a share is not mounted, its folder is there too, and empty. */
export function toUnmarkedError(place: string): OpenbatchError {
  return new OpenbatchError(
    "storage_away",
    `The storage at ${place} is not there: it lacks the file ${markName}, which every storage has.`,
  );
}
