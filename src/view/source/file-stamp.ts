import { statSync } from "node:fs";

/** Tells a file from what it was before: another after it has grown, was cut, or was replaced. */
export function toFileStamp(path: string | URL): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}`;
}
