import type { SegmentPart } from "../database/files-table.js";

/** What the content of an upload is called in the storage. */
export function toUploadName(id: string): string {
  return `files/${id}`;
}

/** What the results of an attempt at a range are called. */
export function toResultsName(
  batch: string,
  { n, token }: { readonly n: number; readonly token: string },
  part: SegmentPart,
): string {
  return `batches/${batch}/${n}.${token}.${part}`;
}
