import type { Code } from "./code-table.js";
import { OpenbatchError } from "./openbatch-error.js";

interface SystemError extends Error {
  readonly code: string;
}

const codesBySystemCode: Readonly<Record<string, Code>> = {
  ENOENT: "file_not_found",
  EEXIST: "file_exists",
  EISDIR: "not_a_file",
  ENOTDIR: "not_a_folder",
  EACCES: "no_permission",
  EPERM: "no_permission",
  EROFS: "no_permission",
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EFBIG: "disk_full",
};

/** Turns what the file system threw into an error with the path, what was attempted, and what to do. */
export function toFileError(cause: unknown, action: string, path: string): unknown {
  if (cause instanceof OpenbatchError || !isSystemError(cause)) return cause;
  const code = codesBySystemCode[cause.code] ?? "file_failed";
  return new OpenbatchError(code, `Could not ${action} ${path} (${cause.code}).`, { cause });
}

/** Whether an error comes from the operating system, with a code such as `ENOENT`. */
export function isSystemError(value: unknown): value is SystemError {
  return value instanceof Error && "syscall" in value && "code" in value && typeof value.code === "string";
}
