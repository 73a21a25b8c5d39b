import type { SegmentPart } from "../database/files-table.js";
import type { AttemptName } from "../database/segments-table.js";

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

/** The other way round, also of a part of them, which has a number behind it. */
export function toAttemptName(name: string): (AttemptName & { readonly part: string }) | undefined {
  const found = /^batches\/([^/]+)\/(\d+)\.([0-9a-f-]+)\.(output|errors)(\.\d+)?$/.exec(name);
  if (found === null) return undefined;
  const [, batch = "", n, token = "", part = "", number] = found;
  return { batch, n: Number(n), token, part, isWhole: number === undefined };
}
