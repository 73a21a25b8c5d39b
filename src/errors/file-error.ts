import type { Code } from "./code-table.js";
import { toPlainText } from "./message-text.js";
import { OpenbatchError } from "./openbatch-error.js";

interface SystemError extends Error {
  readonly code: string;
}

interface Cause {
  readonly code: Code;
  readonly words: string;
}

const noPermission: Cause = { code: "no_permission", words: "this user may not" };

const causesBySystemCode: Readonly<Record<string, Cause>> = {
  ENOENT: { code: "file_not_found", words: "there is no such file or folder" },
  EEXIST: { code: "file_exists", words: "it is there already" },
  EISDIR: { code: "not_a_file", words: "it is a folder" },
  ENOTDIR: { code: "not_a_folder", words: "a part of the path is no folder" },
  EACCES: noPermission,
  EPERM: noPermission,
  EROFS: { code: "no_permission", words: "the disk is read-only" },
  ENOSPC: { code: "disk_full", words: "no space is left" },
  EDQUOT: { code: "disk_full", words: "this user may use no more space" },
  // What Windows says of a workbook that is open in Excel.
  EBUSY: { code: "file_failed", words: "another program has it open, perhaps Excel: close it there" },
  EFBIG: { code: "disk_full", words: "it may not grow further" },
};

const unknownCause: Cause = { code: "file_failed", words: "the operating system refused" };

/** Turns what the file system threw into an error with the path, what was attempted, why it failed, and what to do. */
export function toFileError(cause: unknown, action: string, path: string): unknown {
  if (cause instanceof OpenbatchError || !isSystemError(cause)) return cause;
  const { code, words } = causesBySystemCode[cause.code] ?? unknownCause;
  return new OpenbatchError(
    code,
    `Could not ${action} ${path === "" ? '""' : toPlainText(path)}: ${words} (${cause.code}).`,
    { cause },
  );
}

/** Whether an error comes from the operating system, with a code such as `ENOENT`. */
export function isSystemError(value: unknown): value is SystemError {
  return value instanceof Error && "syscall" in value && "code" in value && typeof value.code === "string";
}
